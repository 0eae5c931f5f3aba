/** A float network in the words of Caffe's `.prototxt`, for the `.net` file beside it. */
import { InputError } from "../ir/errors.ts";
import type { Problem } from "../ir/errors.ts";
import type { ConvNode, DepthwiseNode, Graph, Node, PoolNode, TensorId } from "../ir/graph.ts";
import { item, known } from "../ir/known.ts";

type Fields = readonly (readonly [name: string, value: string | number])[];

/**
 * The network's description, layers in graph order.
 * @throws InputError `no-caffe-layer` with everything that Caffe's layers cannot say.
 */
export function writePrototxt(graph: Graph): string {
  const problems: Problem[] = [];
  const blobs = new Map<TensorId, string>();
  const layers: string[] = [];
  const [input] = graph.inputs;
  const shape = graph.tensors.get(input ?? -1);
  if (
    input === undefined ||
    graph.inputs.length !== 1 ||
    shape?.shape.length !== 4 ||
    shape.dtype !== "float32"
  )
    report(problems, graph.name, "an input that is no single float32 map");
  blobs.set(input ?? -1, "data");
  for (const node of graph.nodes) {
    const bottoms = node.inputs.flatMap((id) => blobs.get(id) ?? []);
    blobs.set(node.output, node.name);
    // Does nothing: its readers read what it reads.
    if (node.kind === "identity") blobs.set(node.output, bottoms[0] ?? "data");
    else layers.push(...layersOf(node, graph, bottoms, problems));
  }
  if (problems.length > 0) throw new InputError(problems);
  const [, height = 0, width = 0, channels = 0] = shape?.shape ?? [];
  const dims = [1, channels, height, width].map((n) => `input_dim: ${n}`);
  return [`name: ${JSON.stringify(graph.name)}`, 'input: "data"', ...dims, ...layers, ""].join("\n");
}

function report(problems: Problem[], node: string, found: string): void {
  const supported = "float networks of Convolution, ReLU, Pooling, Concat, Eltwise and Softmax";
  problems.push({
    code: "no-caffe-layer",
    node,
    found,
    supported,
    fix: "write to a name that does not end in .net",
  });
}

function layersOf(node: Node, graph: Graph, bottoms: readonly string[], problems: Problem[]): string[] {
  const fail = (found: string): string[] => {
    report(problems, node.name, found);
    return [];
  };
  const relu = "activation" in node && node.activation === "relu";
  if ("activation" in node && node.activation !== "none" && !relu)
    return fail(`the activation ${node.activation}`);
  const activation = relu ? [layer(`${node.name}/relu`, "ReLU", [node.name], node.name)] : [];
  const plain = (type: string, parameters?: string, fields?: Fields) => [
    layer(node.name, type, bottoms, node.name, parameters, fields),
    ...activation,
  ];
  switch (node.kind) {
    case "conv":
    case "depthwise": {
      const { top, left, bottom, right } = node.padding;
      if (top !== bottom || left !== right) return fail("padding that differs between opposite sides");
      return plain("Convolution", "convolution_param", convFields(node, graph));
    }
    case "max-pool": {
      const fields = poolFields(node, graph);
      return fields
        ? plain("Pooling", "pooling_param", fields)
        : fail("padding that Caffe's rounding does not make");
    }
    case "average-pool": {
      const [, height, width] = graph.tensors.get(node.inputs[0] ?? -1)?.shape ?? [];
      const whole = node.kernel[0] === height && node.kernel[1] === width;
      if (!whole || Object.values(node.padding).some((n) => n > 0))
        return fail("an average over a part of the map");
      return plain("Pooling", "pooling_param", GLOBAL);
    }
    case "mean":
      if (!node.keepDims || node.axes) return fail("a mean that drops dimensions, or over other axes");
      return plain("Pooling", "pooling_param", GLOBAL);
    case "concat":
      return node.axis === 3 ? plain("Concat") : fail(`concatenation along axis ${node.axis}`);
    case "add":
      return bottoms.length === 2 ? plain("Eltwise") : fail("the addition of a constant");
    case "relu":
      return plain("ReLU");
    case "softmax":
      return node.beta === 1 ? plain("Softmax") : fail(`softmax with beta ${node.beta}`);
    default:
      return fail(node.kind);
  }
}

const GLOBAL: Fields = [
  ["pool", "AVE"],
  ["global_pooling", "true"],
];

function windowFields({ kernel, stride, padding }: ConvNode | DepthwiseNode | PoolNode): Fields {
  return [
    ["kernel_h", kernel[0]],
    ["kernel_w", kernel[1]],
    ["stride_h", stride[0]],
    ["stride_w", stride[1]],
    ["pad_h", padding.top],
    ["pad_w", padding.left],
  ];
}

function convFields(node: ConvNode | DepthwiseNode, graph: Graph): Fields {
  const channels = (id: TensorId) => item(known(graph.tensors.get(id), "a map").shape, 3);
  const groups = node.kind === "conv" ? node.groups : channels(item(node.inputs, 0));
  const dilation = node.dilation.some((n) => n !== 1) ? node.dilation : [];
  return [
    ["num_output", channels(node.output)],
    ["group", groups],
    ...windowFields(node),
    ...dilation.map((n) => ["dilation", n] as const),
  ];
}

/** Rounding up or down, whichever needs the padding that the node has; undefined: neither. */
function poolFields(node: PoolNode, graph: Graph): Fields | undefined {
  const [, height = 0, width = 0] = graph.tensors.get(node.inputs[0] ?? -1)?.shape ?? [];
  const { padding, kernel, stride } = node;
  const behind = (size: number, axis: 0 | 1, before: number, round: (x: number) => number) => {
    let windows = round((size + 2 * before - kernel[axis]) / stride[axis]) + 1;
    if (before > 0 && (windows - 1) * stride[axis] >= size + before) windows--;
    return Math.max(0, (windows - 1) * stride[axis] + kernel[axis] - size - before);
  };
  const fits = (round: (x: number) => number) =>
    behind(height, 0, padding.top, round) === padding.bottom &&
    behind(width, 1, padding.left, round) === padding.right;
  const mode = fits(Math.ceil) ? "CEIL" : fits(Math.floor) ? "FLOOR" : undefined;
  return mode && [["pool", "MAX"], ...windowFields(node), ["round_mode", mode]];
}

function layer(
  name: string,
  type: string,
  bottoms: readonly string[],
  top: string,
  parameters?: string,
  fields: Fields = [],
): string {
  const quoted = [["name", name], ["type", type], ...bottoms.map((b) => ["bottom", b]), ["top", top]];
  const lines = quoted.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  const inner = fields.map(([key, value]) => `    ${key}: ${value}`);
  const message = parameters === undefined ? [] : [`  ${parameters} {`, ...inner, "  }"];
  return ["layer {", ...lines, ...message, "}"].join("\n");
}
