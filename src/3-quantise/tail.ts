/** The operators at the end of a network whose results are no 8-bit maps: the host computes them. */
import type {
  ArgNode,
  DetectionNode,
  Node,
  QuantizeNode,
  SoftmaxNode,
  Tensor,
  TensorId,
} from "../ir/graph.ts";
import type { Tail, TailArg, TailCopy, TailDetection, TailNode, TailSoftmax, TailValue } from "../ir/tail.ts";
import { isLayer, lowerLastLayer } from "./last-layer.ts";
import { lowerReal, realEnds, type TailGraph } from "./real-tail.ts";
import { mapOf, report, REQUANTISE, tensorOf, type LowerContext } from "./context.ts";

/** Kinds that make values of another type than their maps have. */
const STARTS: readonly Node["kind"][] = ["arg-max", "arg-min", "detection"];
/** Kinds that may follow them. */
const COPIES: readonly Node["kind"][] = ["cast", "reshape", "identity"];

/** Nodes that make values of another type, and all that depends on these, in order. */
export function tailOf(graph: TailGraph): readonly Node[] {
  const values = new Set<TensorId>();
  const last = realEnds(graph);
  return graph.nodes.filter((node) => {
    const isWide = node.kind === "softmax" && graph.tensors.get(node.output)?.dtype === "int16";
    const starts = isWide || STARTS.includes(node.kind) || last.has(node);
    const isTail = starts || node.inputs.some((id) => values.has(id));
    if (isTail) values.add(node.output);
    return isTail;
  });
}

/** The tail of the integer graph; undefined without one, or where a node of it was reported. */
export function lowerTail(nodes: readonly Node[], context: LowerContext): Tail | undefined {
  const values = new Map<TensorId, TailValue>();
  const lowered: TailNode[] = [];
  for (const node of nodes) {
    const made = lowerNode(node, nodes, context);
    const value = made && valueOf(made, context);
    if (!value) continue;
    lowered.push(made);
    for (const constant of constantsOf(made, context)) values.set(constant.id, constant);
    values.set(value.id, value);
  }
  const read = new Set([...context.graph.outputs, ...lowered.flatMap(({ inputs }) => inputs)]);
  // a layer reads the integers themselves
  const used = lowered.filter(({ kind, output }) => kind !== "dequantize" || read.has(output));
  return used.length === 0 ? undefined : { nodes: used, values };
}

function lowerNode(node: Node, tail: readonly Node[], context: LowerContext): TailNode | null {
  const before = tail.find(({ output }) => node.inputs.includes(output));
  if (!before && (node.kind === "arg-max" || node.kind === "arg-min")) return lowerArg(node, context);
  if (!before && node.kind === "softmax") return lowerSoftmax(node, context);
  if (!before && node.kind === "detection") return lowerDetection(node, context);
  if (!before && node.kind === "dequantize") return lowerDequantize(node, context);
  const start = before && startOf(before, tail);
  if (isLayer(node) && (!before || before.kind === "dequantize")) return lowerLastLayer(node, context);
  const isCopy = COPIES.includes(node.kind) || node.kind === "dequantize";
  if (before && isCopy) return copyOf(node);
  const isReal = start?.kind === "dequantize" || (start !== undefined && isLayer(start));
  const real = isReal ? lowerReal(node, context) : undefined;
  if (real) return real;
  const supported = `nothing behind ${start?.kind ?? node.kind}, which runs on the host, but reshapes and casts`;
  return report(
    context,
    "unsupported-operator",
    node.name,
    `${node.kind} of what ${start?.kind ?? node.kind} makes`,
    supported,
    "cut the network before it with --until, and compute the rest on the host",
  );
}

function startOf(node: Node, tail: readonly Node[]): Node {
  const before = tail.find(({ output }) => node.inputs.includes(output));
  return before ? startOf(before, tail) : node;
}

/** The map's real values. */
function lowerDequantize(
  { inputs, name, output, sources }: QuantizeNode,
  context: LowerContext,
): TailNode | null {
  const map = mapOf(context, inputs[0]);
  return map && { kind: "dequantize", name, sources, inputs: [map.id], output };
}

/** Constants that the node reads. */
function constantsOf({ inputs, kind }: TailNode, context: LowerContext): TailValue[] {
  if (kind === "detection") return [];
  return inputs.flatMap((id) => {
    const { data, name, shape } = tensorOf(context, id);
    return data instanceof Float32Array ? [{ id, name, shape, dtype: "float32", data } as const] : [];
  });
}

function copyOf({ name, sources, inputs, output }: Node): TailCopy {
  return { kind: "copy", name, sources, inputs, output };
}

function lowerArg(node: ArgNode, context: LowerContext): TailArg | null {
  const { kind, last, name, output, sources } = node;
  const map = mapOf(context, node.inputs[0]);
  if (!map) return null;
  // maps are [H, W, C], whatever rank their tensors have
  const axis = node.axis - tensorOf(context, map.id).shape.length + 3;
  if (axis === 0 || axis === 1 || axis === 2)
    return { kind, name, sources, inputs: [map.id], output, axis, ...(last && { last }) };
  const found = `${kind} along the batch`;
  const supported = "along rows, columns or channels";
  return report(context, "unsupported-attribute", name, found, supported, "choose another axis");
}

function lowerSoftmax(node: SoftmaxNode, context: LowerContext): TailSoftmax | null {
  const { beta, name, output, sources } = node;
  const map = mapOf(context, node.inputs[0]);
  if (!map) return null;
  const { quantization } = tensorOf(context, output);
  const [scale, zeroPoint] = [quantization?.scales[0], quantization?.zeroPoints[0]];
  // maps are [H, W, C], whatever rank their tensors have
  const offset = 3 - tensorOf(context, map.id).shape.length;
  const axes = node.axes && { axes: node.axes.map((axis) => axis + offset) };
  if (scale === 2 ** -16 && zeroPoint === -(2 ** 15))
    return { kind: "softmax", name, sources, inputs: [map.id], output, beta, ...axes };
  const found = `softmax to int16 of scale ${scale}, zero point ${zeroPoint}`;
  return report(context, "unsupported-quantization", name, found, "scale 1/65536 and -32768", REQUANTISE);
}

function lowerDetection(node: DetectionNode, context: LowerContext): TailDetection | null {
  const { name, output, result, rule, sources } = node;
  const maps = node.inputs.slice(0, 2).map((id) => mapOf(context, id));
  const [boxes, scores] = maps;
  const anchors = realValues(tensorOf(context, node.inputs[2]));
  if (!boxes || !scores) return null;
  if (anchors?.every((side, i) => i % 4 < 2 || side >= 0))
    return { kind: "detection", name, sources, inputs: [boxes.id, scores.id], output, result, rule, anchors };
  const found = anchors
    ? "anchors of negative sizes"
    : "anchors that are not stored as float32, int8 or uint8";
  return report(context, "unsupported-tensor", name, found, "anchors of sizes, stored", "convert again");
}

/** Dequantised as the kernel does it: in float32. */
function realValues({ data, quantization }: Tensor): Float32Array | undefined {
  if (data instanceof Float32Array) return data;
  const [scale, zeroPoint] = [quantization?.scales[0], quantization?.zeroPoints[0]];
  const isByte = data instanceof Int8Array || data instanceof Uint8Array;
  if (!isByte || scale === undefined || zeroPoint === undefined) return undefined;
  return Float32Array.from(data, (value) => scale * (value - zeroPoint));
}

function valueOf(node: TailNode, context: LowerContext): TailValue | null {
  const { dtype: stored, id, name, shape } = tensorOf(context, node.output);
  const dtype = node.kind === "function" ? "float32" : stored;
  if (dtype === "int16" || dtype === "int32" || dtype === "int64" || dtype === "float32")
    return { id, name, shape, dtype };
  return report(
    context,
    "unsupported-type",
    node.name,
    `values of ${dtype}`,
    "int16, int32, int64, float32",
    "convert to one of these",
  );
}
