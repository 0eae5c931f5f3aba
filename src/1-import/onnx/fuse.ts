/** DequantizeLinear, float operator, QuantizeLinear -> integer operator. */
import type { Activation, DenseNode, Graph, Node, Quantization, Tensor, TensorId } from "../../ir/graph.ts";
import { makesShares } from "../../ir/answer.ts";
import { isMapShape } from "../../ir/host-values.ts";
import { item } from "../../ir/known.ts";
import { roundEven } from "../../ir/rounding.ts";
import { elements } from "../../ir/shapes.ts";
import { freeId, type Integers } from "./integers.ts";

/** Kinds that have an integer form in `3-quantise`. */
const FUSED: readonly Node["kind"][] = [
  ...([
    "conv",
    "depthwise",
    "dense",
    "average-pool",
    "max-pool",
    "mean",
    "add",
    "sub",
    "mul",
    "maximum",
    "minimum",
    "concat",
    "pad",
  ] as const),
  ...([
    "slice",
    "repeat",
    "resize-bilinear",
    "interleave",
    "reshape",
    "identity",
    "relu",
    "relu6",
    "relu-n1-to-1",
    "kernel",
    "leaky-relu",
    "prelu",
    "curve",
    "softmax",
    "log-softmax",
  ] as const),
];

/** Kinds that change no value, or add zeros, so that they may as well run before the dequantisation. */
const MOVING: readonly Node["kind"][] = [
  ...(["reshape", "identity", "max-pool", "pad", "slice", "repeat", "interleave"] as const),
];

/** The graph while it changes: nodes by the tensor that they write and by those that they read. */
class Draft {
  readonly tensors: Map<TensorId, Tensor>;
  readonly nodes: Node[];
  readonly #outputs: readonly TensorId[];
  #free: number;

  constructor(graph: Graph, free: number) {
    this.tensors = new Map(graph.tensors);
    this.nodes = [...graph.nodes];
    this.#outputs = graph.outputs;
    this.#free = free;
  }

  maker(id: TensorId): Node | undefined {
    return this.nodes.find((node) => node.output === id);
  }

  readers(id: TensorId): readonly Node[] {
    return this.nodes.filter((node) => node.inputs.includes(id));
  }

  /** The only reader of a tensor that is no output of the network. */
  soleReader(id: TensorId): Node | undefined {
    const readers = this.readers(id);
    return readers.length === 1 && !this.#outputs.includes(id) ? readers[0] : undefined;
  }

  add(tensor: Omit<Tensor, "id">): Tensor {
    const added = { ...tensor, id: this.#free++ };
    this.tensors.set(added.id, added);
    return added;
  }

  replace(old: readonly Node[], at: Node, now: readonly Node[]): void {
    const index = this.nodes.indexOf(at);
    this.nodes.splice(index, 1, ...now);
    for (const node of old) {
      const place = this.nodes.indexOf(node);
      if (place >= 0) this.nodes.splice(place, 1);
    }
  }
}

/**
 * Fuses every operator that stands between dequantisations and one quantisation. What has none behind it stays float,
 * which `3-quantise` reports. `integers`: what stands behind constants that DequantizeLinear made.
 */
export function fuseQuantized(graph: Graph, integers: Integers): Graph {
  if (!graph.nodes.some((node) => node.kind === "dequantize")) return graph;
  const draft = new Draft(graph, freeId(graph, integers));
  for (const node of graph.nodes)
    if (MOVING.includes(node.kind) || isInner(draft, node) || isExtreme(node)) moveUp(draft, node);
  for (const node of [...draft.nodes]) if (FUSED.includes(node.kind)) fuse(draft, node, integers);
  for (const node of [...draft.nodes]) if (node.kind === "dense") productsOfIntegers(draft, node, integers);
  return { ...graph, tensors: draft.tensors, nodes: draft.nodes };
}

/** A concatenation that only slices and concatenations read: one border of a map, inside of another. */
function isInner(draft: Draft, node: Node): boolean {
  const readers = draft.readers(node.output);
  const isPart = ({ kind }: Node) => kind === "slice" || kind === "concat";
  return node.kind === "concat" && readers.length > 0 && readers.every(isPart);
}

/** before: q, dequantize(q), reshape. after: q, reshape(q), dequantize. The larger of two integers of one scale is that of their real values. */
function moveUp(draft: Draft, node: Node): void {
  // Other values than zero need not be a whole number of steps.
  if (node.kind === "pad" && node.value !== undefined && node.value !== 0) return;
  const output = draft.tensors.get(node.output);
  if (!output || draft.soleReader(node.output)?.kind === "quantize") return;
  const sources = node.inputs.flatMap((id) => {
    const dequantize = draft.maker(id);
    return dequantize?.kind === "dequantize" ? (draft.tensors.get(dequantize.inputs[0] ?? -1) ?? []) : [];
  });
  const [from] = sources;
  // what has no form as a map of integers is for the host
  if (![output, ...sources].every(({ shape }) => isMapShape(shape))) return;
  const isAlike = from && sources.every((source) => sameScale(source, from));
  if (!from?.quantization || !isAlike || sources.length < node.inputs.length) return;
  const { dtype, quantization } = from;
  // ONNX Runtime hands DequantizeLinear on through operators that move values, but for Flatten.
  const isFlatten = node.kind === "reshape" && node.flatten === true;
  const pair = !isFlatten && draft.soleReader(node.output) ? ({ pair: true } as const) : {};
  const name = `${output.name}/integers`;
  const moved = draft.add({ name, shape: output.shape, dtype, quantization, ...pair });
  draft.replace([], node, [
    {
      ...node,
      inputs: sources.map(({ id }) => id),
      output: moved.id,
      ...(!isFlatten && { dequantized: true }),
    },
    {
      kind: "dequantize",
      name: `${node.name}/dequantize`,
      sources: node.sources,
      inputs: [moved.id],
      output: output.id,
    },
  ]);
}

function fuse(draft: Draft, node: Node, integers: Integers): void {
  if (node.kind === "pad" && node.value !== undefined && node.value !== 0) return;
  const maps: Tensor[] = [];
  for (const id of node.inputs) {
    const maker = draft.maker(id);
    const from = maker?.kind === "dequantize" ? draft.tensors.get(maker.inputs[0] ?? -1) : undefined;
    if (from) maps.push(from);
    else if (draft.tensors.get(id)?.data === undefined) return;
  }
  const chain = quantizedBehind(draft, node);
  const output = chain && draft.tensors.get(chain.quantize.output);
  const [map] = maps;
  if (!chain || !output || !map?.quantization) return;
  if (![output, ...maps].every(({ shape }) => isMapShape(shape))) return;
  // shares of real values are the host's, which rounds them as the file has it
  const readers = draft.readers(output.id);
  if (makesShares(node) && readers.length > 0 && readers.every(({ kind }) => kind === "dequantize")) return;
  const operands = isExtreme(node)
    ? constantsLike(draft, node, output)
    : integerOperands(draft, node, map, integers);
  if (!operands) return;
  const { between, quantize, activation } = chain;
  const sources = [node, ...between, quantize].flatMap((part) => part.sources).toSorted((a, b) => a - b);
  const { operated, rescales } = isExtreme(node)
    ? likeOutput(draft, node, maps, output)
    : { operated: maps, rescales: [] };
  const isFirst = operands.length > 0 && draft.maker(item(node.inputs, 0))?.kind !== "dequantize";
  const inputs = (isFirst ? [...operands, ...operated] : [...operated, ...operands]).map(({ id }) => id);
  const base = { ...node, sources, inputs, dequantized: true } as const;
  const made: Node = "activation" in base && activation !== "none" ? { ...base, activation } : base;
  const keeps = MOVING.includes(node.kind);
  const old = [...between, quantize];
  if (!keeps || sameScale(map, output)) {
    draft.replace(old, node, [...rescales, { ...made, output: output.id }]);
    return;
  }
  // The operator itself keeps the scale; the values change theirs behind it.
  const { dtype, quantization } = map;
  const kept = draft.add({ name: `${output.name}/kept`, shape: output.shape, dtype, quantization });
  draft.replace(old, node, [
    { ...made, sources: node.sources, output: kept.id },
    { ...quantize, inputs: [kept.id] },
  ]);
}

/**
 * A product that nothing quantises: ONNX Runtime multiplies integers and scales their sums (QGemm, MatMulIntegerToFloat), but where it has no
 * kernel for the types.
 */
function productsOfIntegers(draft: Draft, node: DenseNode, integers: Integers): void {
  const maker = draft.maker(item(node.inputs, 0));
  const map = maker?.kind === "dequantize" ? draft.tensors.get(item(maker.inputs, 0)) : undefined;
  const weights = integers.get(item(node.inputs, 1));
  if (!map?.quantization || !weights || isFlattened(draft, map)) return;
  const isSigned = map.dtype === "int8";
  const bias = node.inputs[2];
  // a float bias leaves the product float
  const isWhole = bias === undefined || integers.get(bias)?.data instanceof Int32Array;
  if (!isWhole || (isSigned && (node.product === "matmul" || weights.dtype !== "int8"))) return;
  const operands = integerOperands(draft, node, map, integers);
  if (!operands) return;
  const inputs = [map, ...operands].map(({ id }) => id);
  draft.replace([], node, [{ ...node, inputs }]);
}

/** Flatten stays between DequantizeLinear and what reads it, so that this is float. */
function isFlattened(draft: Draft, map: Tensor): boolean {
  const maker = draft.maker(map.id);
  return maker?.kind === "reshape" && maker.flatten === true && !maker.dequantized;
}

function isExtreme({ kind }: Node): boolean {
  return kind === "maximum" || kind === "minimum";
}

/** The larger of two maps in the scale of the output: rounding to it never changes their order. */
function likeOutput(draft: Draft, node: Node, maps: readonly Tensor[], output: Tensor) {
  const rescales: Node[] = [];
  const operated = maps.map((map, i) => {
    if (sameScale(map, output)) return map;
    const { dtype, quantization } = output;
    const name = `${output.name}/operand ${i}`;
    const like = draft.add({ name, shape: map.shape, dtype, ...(quantization && { quantization }) });
    const base = { name: `${node.name}/operand ${i}`, sources: [], inputs: [map.id], output: like.id };
    rescales.push({ kind: "quantize", ...base });
    return like;
  });
  return { operated, rescales };
}

/** Constants in the output's scale; undefined for one value, of which 3-quantise makes a table. */
function constantsLike(draft: Draft, node: Node, output: Tensor): Tensor[] | undefined {
  const constants = node.inputs.flatMap((id) => {
    const tensor = draft.tensors.get(id);
    return tensor?.data ? [tensor] : [];
  });
  const { dtype, quantization } = output;
  const [scale = 1, zeroPoint = 0] = [quantization?.scales[0], quantization?.zeroPoints[0]];
  if (constants.some(({ shape }) => elements(shape) === 1) || !quantization) return undefined;
  const low = dtype === "uint8" ? 0 : -128;
  return constants.map(({ data, name, shape }) => {
    const steps = Array.from(data as Float32Array, (value) =>
      Math.max(low, Math.min(low + 255, roundEven(Math.fround(value / scale)) + zeroPoint)),
    );
    const integers = dtype === "uint8" ? Uint8Array.from(steps) : Int8Array.from(steps);
    return draft.add({ name: `${name}/integers`, shape, dtype, quantization, data: integers });
  });
}

interface Chain {
  readonly between: readonly Node[];
  readonly quantize: Node;
  readonly activation: Activation;
}

/** The quantisation that alone reads the node, perhaps behind one activation that the node can take over. */
function quantizedBehind(draft: Draft, node: Node): Chain | undefined {
  const next = draft.soleReader(node.output);
  if (next?.kind === "quantize") return { between: [], quantize: next, activation: "none" };
  const clamps = next?.kind === "relu" || next?.kind === "relu6" || next?.kind === "relu-n1-to-1";
  const takes = "activation" in node && node.activation === "none" && node.kind !== "concat";
  if (!clamps || !takes || isExtreme(node)) return undefined;
  const quantize = draft.soleReader(next.output);
  return quantize?.kind === "quantize" ? { between: [next], quantize, activation: next.kind } : undefined;
}

/** Weights and bias, or a constant operand, as integers; undefined where they are floats that nothing tells a scale for. */
function integerOperands(
  draft: Draft,
  node: Node,
  { dtype, quantization: input }: Tensor,
  integers: Integers,
): Tensor[] | undefined {
  if (!input) return undefined;
  if (node.kind !== "conv" && node.kind !== "depthwise" && node.kind !== "dense") {
    const constants = node.inputs.flatMap((id) => {
      const tensor = draft.tensors.get(id);
      return tensor?.data ? [tensor] : [];
    });
    if (constants.length === 0 || node.kind === "prelu") return constants;
    const stored = constants.flatMap(({ id }) => integers.get(id) ?? []);
    const isOfMaps = stored.length === constants.length && stored.every((tensor) => tensor.dtype === dtype);
    if (!isOfMaps) return undefined;
    for (const tensor of stored) draft.tensors.set(tensor.id, tensor);
    return stored;
  }
  const weights = integers.get(node.inputs[1] ?? -1);
  if (!weights?.quantization) return undefined;
  draft.tensors.set(weights.id, weights);
  const id = node.inputs[2];
  if (id === undefined) return [weights];
  const stored = integers.get(id);
  const floats = draft.tensors.get(id);
  const scales = weights.quantization.scales.map((scale) => Math.fround(item(input.scales, 0) * scale));
  const bias =
    stored?.data instanceof Int32Array && sameScales(stored.quantization, scales) ? stored : undefined;
  if (bias) {
    draft.tensors.set(bias.id, bias);
    return [weights, bias];
  }
  return floats && [weights, integerBias(draft, floats, scales)];
}

/** A float bias in units of the products that it is added to. */
function integerBias(draft: Draft, floats: Tensor, scales: readonly number[]): Tensor {
  const { name, shape, data } = floats;
  const values = Array.from(data as Float32Array, (b, k) => {
    const steps = Math.round(b / (scales[scales.length === 1 ? 0 : k] ?? 1));
    return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, steps));
  });
  const quantization = { scales, zeroPoints: scales.map(() => 0), axis: 0 };
  return draft.add({
    name,
    shape,
    dtype: "int32",
    data: Int32Array.from(values),
    quantization,
    rounded: data as Float32Array,
  });
}

/** Bias scales may differ from the products' in the last bit. */
function sameScales(quantization: Quantization | undefined, wanted: readonly number[]): boolean {
  const scales = quantization?.scales ?? [];
  const zero = quantization?.zeroPoints.every((z) => z === 0) ?? false;
  if (!zero || (scales.length !== 1 && scales.length !== wanted.length)) return false;
  const stored = (k: number) => item(scales, scales.length === 1 ? 0 : k);
  return wanted.every((scale, k) => Math.abs(stored(k) - scale) <= 1e-6 * scale);
}

function sameScale(a: Tensor, b: Tensor): boolean {
  const [p, q] = [a.quantization, b.quantization];
  return a.dtype === b.dtype && p?.scales[0] === q?.scales[0] && p?.zeroPoints[0] === q?.zeroPoints[0];
}
