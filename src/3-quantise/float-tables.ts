/** Float operators on single values between a dequantisation and a quantisation of a quantised network, as tables. */
import type { Graph, Node, Tensor, TensorId } from "../ir/graph.ts";
import type { IntDepthwise, IntLookup, IntMap } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";
import { roundAway, roundEven } from "../ir/rounding.ts";
import { elements, sameShape } from "../ir/shapes.ts";
import { intBase, mapOf, type LowerContext } from "./context.ts";
import { runFloatNode } from "./float-run.ts";
import { asLayer, type ChannelFunction } from "./operators/constant-operand.ts";

/** What stands between the integers of one map and a quantisation, in order. */
export interface Stretch {
  readonly source: TensorId;
  readonly nodes: readonly Node[];
}

const ON_VALUES: readonly Node["kind"][] = [
  ...(["add", "sub", "mul", "maximum", "minimum", "batch-norm", "identity"] as const),
  ...(["relu", "relu6", "relu-n1-to-1", "relu-0-to-1", "logistic", "tanh", "hard-swish", "elu"] as const),
  ...(["curve", "power", "leaky-relu", "prelu", "kernel"] as const),
];

/** The stretches of such operators, by the quantisation that ends them. */
export function floatTables({
  nodes,
  tensors,
}: Pick<Graph, "nodes" | "tensors">): ReadonlyMap<Node, Stretch> {
  const makers = new Map(nodes.map((node) => [node.output, node]));
  const stretches = new Map<Node, Stretch>();
  for (const node of nodes) {
    const isReal = tensors.get(node.inputs[0] ?? -1)?.dtype === "float32";
    const stretch = node.kind === "quantize" && isReal ? stretchOf(node, makers, tensors) : undefined;
    if (stretch) stretches.set(node, stretch);
  }
  return stretches;
}

function stretchOf(
  quantize: Node,
  makers: ReadonlyMap<TensorId, Node>,
  tensors: Graph["tensors"],
): Stretch | undefined {
  const shape = tensors.get(quantize.output)?.shape ?? [];
  const found = new Set<Node>();
  const sources = new Set<TensorId>();
  const isRead = (id: TensorId): boolean => {
    const [tensor, maker] = [tensors.get(id), makers.get(id)];
    if (tensor?.data) return isOfChannels(tensor, shape);
    if (!maker || !tensor || !sameShape(tensor.shape, shape)) return false;
    if (found.has(maker)) return true;
    found.add(maker);
    if (maker.kind !== "dequantize") return ON_VALUES.includes(maker.kind) && maker.inputs.every(isRead);
    sources.add(item(maker.inputs, 0));
    return true;
  };
  if (!quantize.inputs.every(isRead) || sources.size !== 1) return undefined;
  const [source = -1] = sources;
  return { source, nodes: [...makers.values()].filter((node) => found.has(node)) };
}

/** One value for all, or one a channel. */
function isOfChannels({ data, shape }: Tensor, map: readonly number[]): boolean {
  const count = elements(shape);
  return data instanceof Float32Array && (count === 1 || (count === map.at(-1) && shape.at(-1) === count));
}

/** Null after a report. */
export function lowerStretch(
  quantize: Node,
  { nodes, source }: Stretch,
  context: LowerContext,
): IntLookup | IntDepthwise | null {
  const [input, output] = [mapOf(context, source), mapOf(context, quantize.output)];
  if (!input || !output) return null;
  const sources = [...nodes, quantize].flatMap((node) => node.sources).toSorted((a, b) => a - b);
  const whole = { ...quantize, sources };
  const functions = channelFunctions(nodes, quantize, context, input, output);
  const [only, ...others] = functions;
  const isAlike = others.every(({ table }) => table.every((value, i) => value === only?.table[i]));
  if (only && isAlike) return { kind: "lookup", ...intBase(context, whole, [input.id]), tables: only.table };
  return asLayer(whole, context, input, output, functions);
}

/** What each channel's values become, all 256 of them at once as the rows of a map; one for all channels where no constant differs. */
function channelFunctions(
  nodes: readonly Node[],
  quantize: Node,
  { graph }: LowerContext,
  input: IntMap,
  output: IntMap,
): ChannelFunction[] {
  const constants = nodes.flatMap(({ inputs }) => inputs).map((id) => graph.tensors.get(id)?.data?.length);
  const channels = constants.some((count) => count !== undefined && count > 1) ? input.channels : 1;
  const shape = [1, 256, 1, channels];
  const made = nodes.flatMap(({ output: id }) => graph.tensors.get(id) ?? []);
  const tensors = new Map([
    ...graph.tensors,
    ...made.map((tensor) => [tensor.id, { ...tensor, shape }] as const),
  ]);
  const values = new Map<TensorId, Float32Array>();
  for (const node of nodes)
    values.set(
      node.output,
      node.kind === "dequantize"
        ? everyValue(input, channels)
        : runFloatNode({ ...graph, tensors }, node, values),
    );
  const reals = known(values.get(item(quantize.inputs, 0)), `${quantize.name} reads values`);
  const round = graph.arithmetic === "onnx" ? roundEven : roundAway;
  const steps = (real: number) => round(Math.fround(real / output.scale)) + output.zeroPoint;
  return Array.from({ length: channels }, (_, channel) => {
    const at = (row: number) => item(reals, row * channels + channel);
    const table = Int8Array.from({ length: 256 }, (_unused, row) =>
      Math.max(-128, Math.min(127, steps(at(row)))),
    );
    const slope = (at(255) - at(0)) / 255 / output.scale;
    return { table, slope, offset: at(0) / output.scale + slope * (128 + input.zeroPoint) };
  });
}

/** The real values of -128 to 127, each as often as there are channels. */
function everyValue({ scale, zeroPoint }: IntMap, channels: number): Float32Array {
  return Float32Array.from(
    { length: 256 * channels },
    (_, i) => scale * (Math.floor(i / channels) - 128 - zeroPoint),
  );
}
