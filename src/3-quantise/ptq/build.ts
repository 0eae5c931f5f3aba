/** Float graph and chosen ranges -> quantised graph, as a full-integer converter would have written it. */
import type { BinaryNode, Graph, Node, Quantization, Tensor, TensorId } from "../../ir/graph.ts";
import { floatLayer, isLayer, tensorOf } from "./layers.ts";
import type { Layer } from "./layers.ts";
import { LINE_FORMATS } from "../operators/lines.ts";
import { quantiseWeights } from "./weights.ts";

/** Scale and zero point of an int8 map. */
export interface MapScale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** How the network's input is quantised: in re-centred int8, with the type that the file has. */
export interface InputScale extends MapScale {
  readonly dtype: "int8" | "uint8";
}

/**
 * The quantised graph: maps int8 with `scales`, weights int8 a channel, biases int32, operators on lines in their one output format.
 * Behind a uint8 input stands a QUANTIZE that re-centres it, which leaves no operation behind.
 * `energy`: mean square of every channel of every map.
 */
export function buildQuantised(
  graph: Graph,
  scales: ReadonlyMap<TensorId, MapScale>,
  energy: ReadonlyMap<TensorId, Float32Array>,
  inputScale: InputScale,
): Graph {
  const tensors = new Map<TensorId, Tensor>();
  const free = Math.max(...graph.tensors.keys()) + 1;
  const input = tensorOf(graph, graph.inputs[0]);
  const quantize: Node = {
    kind: "quantize",
    name: `${input.name}/centre`,
    sources: [],
    inputs: [input.id],
    output: free,
  };
  const scaleOf = (id: TensorId): MapScale =>
    id === input.id ? inputScale : (scales.get(id) ?? { scale: 1, zeroPoint: 0 });
  const isCentred = inputScale.dtype === "int8";
  const { scale, zeroPoint } = inputScale;
  const own = { scale, zeroPoint: isCentred ? zeroPoint : zeroPoint + 128 };
  tensors.set(input.id, { ...input, dtype: inputScale.dtype, quantization: one(own) });
  if (!isCentred) {
    const centred = { id: free, name: quantize.name, dtype: "int8" as const };
    tensors.set(free, { ...input, ...centred, quantization: one(inputScale) });
  }
  let next = free + 1;
  const add = (tensor: Omit<Tensor, "id">): TensorId => {
    tensors.set(next, { ...tensor, id: next });
    return next++;
  };
  const nodes = graph.nodes.map((whole): Node => {
    const node = isBinary(whole) ? withOperand(graph, whole, scaleOf(whole.output), add) : whole;
    const output = tensorOf(graph, node.output);
    const fixed = isOnLines(node) ? LINE_FORMATS[node.kind] : scaleOf(output.id);
    tensors.set(output.id, { ...output, dtype: "int8", quantization: one(fixed) });
    if (node.kind === "prelu") addSlopes(graph, node.inputs[1], tensors);
    if (isLayer(node)) addWeights(graph, node, scaleOf(node.inputs[0] ?? -1).scale, energy, tensors);
    return isCentred ? node : { ...node, inputs: node.inputs.map((id) => (id === input.id ? free : id)) };
  });
  for (const node of graph.nodes) {
    for (const id of node.inputs) if (!tensors.has(id)) tensors.set(id, tensorOf(graph, id));
  }
  return { ...graph, tensors, nodes: isCentred ? nodes : [quantize, ...nodes] };
}

function isOnLines(node: Node): node is Extract<Node, { readonly kind: keyof typeof LINE_FORMATS }> {
  return Object.hasOwn(LINE_FORMATS, node.kind);
}

function one({ scale, zeroPoint }: MapScale): Quantization {
  return { scales: [scale], zeroPoints: [zeroPoint], axis: 0 };
}

function isBinary(node: Node): node is BinaryNode {
  return ["add", "sub", "mul", "maximum", "minimum"].includes(node.kind);
}

/** The node on an 8-bit constant where it has one: a limit in the result's own steps, others in the finest that hold all values and zero. */
function withOperand(
  graph: Graph,
  node: BinaryNode,
  result: MapScale,
  add: (tensor: Omit<Tensor, "id">) => TensorId,
): BinaryNode {
  const isLimit = node.kind === "maximum" || node.kind === "minimum";
  const inputs = node.inputs.map((id) => {
    const { data, name, shape } = tensorOf(graph, id);
    if (!(data instanceof Float32Array)) return id;
    const own = isLimit ? result : scaleOfValues(data);
    const steps = Int8Array.from(data, (value) =>
      Math.max(-128, Math.min(127, Math.round(value / own.scale) + own.zeroPoint)),
    );
    return add({ name, shape, dtype: "int8", data: steps, quantization: one(own) });
  });
  return { ...node, inputs };
}

function scaleOfValues(values: Float32Array): MapScale {
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const scale = high === low ? 1 : Math.fround((high - low) / 255);
  return { scale, zeroPoint: Math.round(-128 - low / scale) };
}

/** Slopes of 8 bits around zero. */
function addSlopes(graph: Graph, id: TensorId | undefined, tensors: Map<TensorId, Tensor>): void {
  const slopes = tensorOf(graph, id);
  const values = Float32Array.from(slopes.data as Float32Array);
  const most = values.reduce((largest, slope) => Math.max(largest, Math.abs(slope)), 0);
  const scale = most === 0 ? 1 : Math.fround(most / 127);
  tensors.set(slopes.id, {
    ...slopes,
    dtype: "int8",
    data: Int8Array.from(values, (slope) => Math.round(slope / scale)),
    quantization: one({ scale, zeroPoint: 0 }),
  });
}

function addWeights(
  graph: Graph,
  node: Layer,
  inputScale: number,
  energy: ReadonlyMap<TensorId, Float32Array>,
  tensors: Map<TensorId, Tensor>,
): void {
  const layer = floatLayer(graph, node);
  const weight = energy.get(node.inputs[0] ?? -1) ?? new Float32Array(layer.inputs).fill(1);
  const { values, scales } = quantiseWeights(layer, weight, inputScale);
  const axis = node.kind === "depthwise" ? 3 : 0;
  const zeroPoints = scales.map(() => 0);
  tensors.set(layer.weightsTensor.id, {
    ...layer.weightsTensor,
    dtype: "int8",
    data: values,
    quantization: { scales, zeroPoints, axis },
  });
  const bias = node.inputs[2] === undefined ? undefined : tensorOf(graph, node.inputs[2]);
  if (!bias) return;
  const biasScales = scales.map((scale) => inputScale * scale);
  tensors.set(bias.id, {
    ...bias,
    dtype: "int32",
    data: Int32Array.from(layer.bias, (b, k) => Math.round(b / (biasScales[k] ?? 1))),
    quantization: { scales: biasScales, zeroPoints, axis: 0 },
  });
}
