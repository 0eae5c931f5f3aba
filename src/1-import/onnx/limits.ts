/** Limits of quantised networks other than those of activations. */
import type { Graph, Node, Tensor, TensorId } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";

/**
 * before: conv, maximum(conv, constant), quantize. after: conv, quantize, dequantize, maximum, quantize, all of one scale. Rounding keeps the order of
 * values, so that limits behind it give the same. Limits beyond what the integers reach go (ClipQuantFusion).
 */
export function quantizeBeforeLimits(graph: Graph): Graph {
  let current = graph;
  for (const { name } of graph.nodes) {
    const first = current.nodes.find((node) => node.name === name);
    if (!first || !isLimit(current, first)) continue;
    const maker = makerOf(current, mapOf(current, first));
    const limits = limitsFrom(current, first);
    const quantize = soleReader(current, item(limits, limits.length - 1));
    const isFirst = maker && maker.kind !== "dequantize" && !isLimit(current, maker);
    if (quantize?.kind !== "quantize" || !isFirst) continue;
    current = quantizedEarly(current, limits, quantize);
  }
  return current;
}

const makerOf = ({ nodes }: Graph, id: TensorId) => nodes.find(({ output }) => output === id);
const isConstant = ({ tensors }: Graph, id: TensorId) => tensors.get(id)?.data !== undefined;

function isLimit(graph: Graph, { inputs, kind }: Node): boolean {
  return (kind === "maximum" || kind === "minimum") && inputs.some((id) => isConstant(graph, id));
}

function mapOf(graph: Graph, { inputs }: Node): TensorId {
  return inputs.find((id) => !isConstant(graph, id)) ?? item(inputs, 0);
}

function soleReader({ nodes, outputs }: Graph, { output }: Node): Node | undefined {
  const readers = nodes.filter(({ inputs }) => inputs.includes(output));
  return readers.length === 1 && !outputs.includes(output) ? readers[0] : undefined;
}

/** Limits one behind the other. */
function limitsFrom(graph: Graph, first: Node): readonly Node[] {
  const next = soleReader(graph, first);
  return next && isLimit(graph, next) ? [first, ...limitsFrom(graph, next)] : [first];
}

function quantizedEarly(graph: Graph, limits: readonly Node[], quantize: Node): Graph {
  const first = item(limits, 0);
  const source = mapOf(graph, first);
  const to = graph.tensors.get(quantize.output);
  const real = graph.tensors.get(source);
  if (!to?.quantization || !real) return graph;
  const cutting = limits.filter((limit) => cuts(graph, limit, to));
  if (cutting.length === 0) {
    const nodes = graph.nodes.flatMap((node) =>
      limits.includes(node) ? [] : [node === quantize ? { ...node, inputs: [source] } : node],
    );
    return { ...graph, nodes };
  }
  const free = Math.max(-1, ...graph.tensors.keys()) + 1;
  const { dtype, quantization } = to;
  const integers: Tensor = { id: free, name: `${to.name}/early`, shape: real.shape, dtype, quantization };
  const rounded: Tensor = { ...real, id: free + 1, name: `${to.name}/rounded` };
  const early = { name: `${first.name}/quantize`, sources: [], inputs: [source], output: integers.id };
  const back = { name: `${first.name}/dequantize`, sources: [], inputs: [integers.id], output: rounded.id };
  const limited: Node = { ...first, inputs: first.inputs.map((id) => (id === source ? rounded.id : id)) };
  const nodes = graph.nodes.flatMap((node): Node[] =>
    node === first ? [{ kind: "quantize", ...early }, { kind: "dequantize", ...back }, limited] : [node],
  );
  const tensors = new Map([...graph.tensors, [integers.id, integers], [rounded.id, rounded]]);
  return { ...graph, nodes, tensors };
}

/** Whether some integer of the output's lies beyond the limit. */
function cuts(graph: Graph, { inputs, kind }: Node, { dtype, quantization }: Tensor): boolean {
  const constant = graph.tensors.get(inputs.find((id) => isConstant(graph, id)) ?? -1);
  const [scale = 1, zeroPoint = 0] = [quantization?.scales[0], quantization?.zeroPoints[0]];
  const low = dtype === "uint8" ? 0 : -128;
  const end = scale * ((kind === "maximum" ? low : low + 255) - zeroPoint);
  const limits = Array.from(constant?.data ?? [], Number);
  return limits.some((limit) => (kind === "maximum" ? limit > end : limit < end));
}
