/** Float arithmetic behind the last dequantisations of a quantised network, which the host computes. */
import { leakySlope } from "../activations/shipped.ts";
import { isShipped, type ShippedActivation } from "../ir/activation-kernel.ts";
import type { Graph, LogSoftmaxNode, Node, SoftmaxNode, TensorId } from "../ir/graph.ts";
import { hostValues } from "../ir/host-values.ts";
import type { RealFunction, RealNode } from "../ir/tail.ts";
import { activationBounds } from "./float/elementwise.ts";
import type { LowerContext } from "./context.ts";
import { isLayer } from "./last-layer.ts";

/** What of a graph tells where its tail begins. */
export type TailGraph = Pick<Graph, "nodes" | "tensors" | "arithmetic">;

/** Kinds that only pass on what they read. */
const CARRYING: readonly Node["kind"][] = ["dequantize", "reshape", "identity"];

/**
 * The dequantisations behind which nothing is quantised again, in networks from ONNX a layer with weights straight behind them, and the float operators that follow.
 * A dequantisation that gives an output itself is none: passes leave the output to the integers.
 */
export function realEnds({ arithmetic, nodes, tensors }: TailGraph): ReadonlySet<Node> {
  const isInteger = (id: TensorId) => ["int8", "uint8"].includes(tensors.get(id)?.dtype ?? "");
  const makers = new Map(nodes.map((node) => [node.output, node]));
  const isLast = (node: Node) => {
    const [first = -1] = node.inputs;
    const isOnMap = isInteger(first) || makers.get(first)?.kind === "dequantize";
    return isLayer(node) && arithmetic === "onnx" && isOnMap;
  };
  const hosts = hostValues({ nodes, tensors });
  const ends = new Set<Node>();
  for (const node of nodes.toReversed()) {
    const isReal =
      tensors.get(node.output)?.dtype === "float32" && (isComputed(node, tensors) || isLast(node));
    const readers = nodes.filter(({ inputs }) => inputs.includes(node.output));
    // integers that no map holds become real values again
    const isRounding = node.kind === "quantize" && hosts.has(node.output) && readers.length > 0;
    if ((isReal || isRounding) && readers.every((reader) => ends.has(reader))) ends.add(node);
  }
  const behind = new Set<Node>();
  const isMade = (id: TensorId) => {
    const maker = makers.get(id);
    return isInteger(id) || tensors.get(id)?.data !== undefined || (maker !== undefined && behind.has(maker));
  };
  for (const node of nodes) if (ends.has(node) && node.inputs.every(isMade)) behind.add(node);
  return behind;
}

function isComputed(node: Node, tensors: Graph["tensors"]): boolean {
  return CARRYING.includes(node.kind) || realOf(node, tensors) !== undefined;
}

/** A node on float values as one of the tail; undefined for what has no form there. */
export function lowerReal(node: Node, { graph }: LowerContext): RealNode | undefined {
  return realOf(node, graph.tensors);
}

function realOf(node: Node, tensors: Graph["tensors"]): RealNode | undefined {
  const { inputs, name, output, sources } = node;
  const base = { name, sources, inputs, output };
  const of = (real: RealFunction): RealNode => ({ kind: "function", ...base, function: real });
  switch (node.kind) {
    case "relu":
    case "relu6":
    case "relu-n1-to-1":
    case "relu-0-to-1":
      return of({ name: "clamp", ...activationBounds(node.kind) });
    case "logistic":
    case "tanh":
    case "hard-swish":
      return of({ name: node.kind });
    case "quantize":
      return stepsOf(node, tensors);
    case "curve":
      return node.curve.name === "exp" ? of({ name: "exp" }) : undefined;
    case "power":
      return of({ name: "power", bias: node.bias, factor: node.factor, exponent: node.exponent });
    case "leaky-relu":
      return of({ name: "leaky", alpha: node.alpha });
    case "kernel": {
      const { spec } = node.kernel;
      return isShipped(spec) ? of(KERNELS[spec]) : undefined;
    }
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
      return { kind: node.kind, ...base, ...activationBounds(node.activation) };
    case "softmax":
      return { kind: "real-softmax", ...base, beta: node.beta, axes: axesOf(node, tensors) };
    case "log-softmax":
      return { kind: "real-log-softmax", ...base, beta: 1, axes: axesOf(node, tensors) };
    case "concat":
      return node.activation === "none" && !node.order
        ? { kind: "concat", ...base, axis: node.axis }
        : undefined;
    case "slice":
      return { kind: "slice", ...base, begin: node.begin, stride: node.stride };
    case "transpose":
      return { kind: "transpose", ...base, perm: node.perm };
    default:
      return undefined;
  }
}

/** Undefined where it is no conversion of real values to 8 bits. */
function stepsOf({ inputs, name, output, sources }: Node, tensors: Graph["tensors"]): RealNode | undefined {
  const { dtype, quantization } = tensors.get(output) ?? {};
  const [scale, zeroPoint] = [quantization?.scales[0], quantization?.zeroPoints[0]];
  const isReal = tensors.get(inputs[0] ?? -1)?.dtype === "float32";
  if (!isReal || scale === undefined || zeroPoint === undefined) return undefined;
  const low = dtype === "uint8" ? 0 : -128;
  const steps = { name: "steps", scale, zeroPoint, low, high: low + 255 } as const;
  return { kind: "function", name, sources, inputs, output, function: steps };
}

const KERNELS: Readonly<Record<ShippedActivation, RealFunction>> = {
  "hard-sigmoid": { name: "hard-sigmoid" },
  "hard-swish": { name: "hard-swish" },
  "leaky-relu": { name: "leaky", alpha: leakySlope },
  sigmoid: { name: "logistic" },
  tanh: { name: "tanh" },
};

/** The last one where none is named. */
function axesOf(
  { axes, inputs }: SoftmaxNode | LogSoftmaxNode,
  tensors: Graph["tensors"],
): readonly number[] {
  const rank = tensors.get(inputs[0] ?? -1)?.shape.length;
  return axes ?? (rank === undefined ? [] : [rank - 1]);
}
