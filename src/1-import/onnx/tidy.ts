/** What ONNX Runtime does to QuantizeLinear before it joins it with the operator in front. */
import type { Graph, Node, Tensor, TensorId } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";

/**
 * before: q1, q2 = quantize(map) with one scale. after: q1 alone, which the readers of q2 read, too.
 * ONNX Runtime's quantiser writes a pair for each reader; the runtime merges what is equal.
 */
export function mergeQuantizes(graph: Graph): Graph {
  const kept = new Map<string, TensorId>();
  const instead = new Map<TensorId, TensorId>();
  const now = (id: TensorId) => instead.get(id) ?? id;
  const nodes = graph.nodes.flatMap((node): Node[] => {
    const inputs = node.inputs.map(now);
    const key = node.kind === "quantize" ? keyOf(graph, item(inputs, 0), node.output) : undefined;
    const same = key === undefined ? undefined : kept.get(key);
    if (same !== undefined && !graph.outputs.includes(node.output)) {
      instead.set(node.output, same);
      return [];
    }
    if (key !== undefined) kept.set(key, node.output);
    return [{ ...node, inputs }];
  });
  return instead.size === 0 ? graph : { ...graph, nodes };
}

function keyOf({ tensors }: Graph, input: TensorId, output: TensorId): string {
  const tensor = tensors.get(output);
  return JSON.stringify([
    input,
    tensor?.dtype,
    tensor?.quantization?.scales,
    tensor?.quantization?.zeroPoints,
  ]);
}

/**
 * before: q, dequantize(q), quantize. after: q, quantize(q), or q itself where scale and type are the same. What stood between them
 * gave the values another name.
 */
export function joinConversions(graph: Graph): Graph {
  const instead = new Map<TensorId, TensorId>();
  const nodes = graph.nodes.map((node): Node => {
    const inputs = node.inputs.map((id) => instead.get(id) ?? id);
    const maker = graph.nodes.find(({ output }) => output === node.inputs[0]);
    if (node.kind !== "quantize" || maker?.kind !== "dequantize") return { ...node, inputs };
    const source = item(maker.inputs, 0);
    const integers = instead.get(source) ?? source;
    const isSame = !graph.outputs.includes(node.output) && sameIntegers(graph, integers, node.output);
    if (isSame) instead.set(node.output, integers);
    return { ...node, inputs: [integers] };
  });
  const isRead = ({ output }: Node) =>
    graph.outputs.includes(output) || nodes.some((node) => node.inputs.includes(output));
  const isLeft = (node: Node) => !instead.has(node.output) && (node.kind !== "dequantize" || isRead(node));
  return { ...graph, nodes: nodes.filter(isLeft) };
}

function sameIntegers({ tensors }: Graph, a: TensorId, b: TensorId): boolean {
  const [first, second] = [tensors.get(a), tensors.get(b)];
  const numbers = (tensor: Tensor | undefined) =>
    JSON.stringify([
      tensor?.shape,
      tensor?.dtype,
      tensor?.quantization?.scales,
      tensor?.quantization?.zeroPoints,
    ]);
  return first?.quantization !== undefined && numbers(first) === numbers(second);
}

/**
 * before: conv, reshape(conv), quantize. after: conv, quantize, reshape on integers (QDQPropagationTransformer). What moves values or
 * chooses the largest gives the same before the rounding as behind it. Flatten stays where it is, Identity is left out.
 */
export function quantizeFirst(graph: Graph): Graph {
  const tensors = new Map(graph.tensors);
  let nodes: readonly Node[] = graph.nodes;
  let free = Math.max(-1, ...tensors.keys()) + 1;
  const makerOf = (id: TensorId) => nodes.find((node) => node.output === id);
  const soleReader = (id: TensorId) => {
    const readers = nodes.filter((node) => node.inputs.includes(id));
    return readers.length === 1 && !graph.outputs.includes(id) ? readers[0] : undefined;
  };
  for (const mover of graph.nodes.toReversed()) {
    const node = nodes.find((one) => one.name === mover.name);
    const source = node?.inputs[0] ?? -1;
    const maker = makerOf(source);
    const quantize = node && soleReader(node.output);
    const [from, to] = [tensors.get(source), tensors.get(quantize?.output ?? -1)];
    if (!node || !maker || !from || !to?.quantization || quantize?.kind !== "quantize") continue;
    if (!moves(node) || maker.kind === "dequantize" || soleReader(source) !== node) continue;
    if (node.kind === "identity") {
      nodes = nodes.flatMap((one) =>
        one === node ? [] : [one === quantize ? { ...one, inputs: [source] } : one],
      );
      continue;
    }
    const { dtype, quantization } = to;
    const early = {
      id: free++,
      name: `${to.name}/early`,
      shape: from.shape,
      dtype,
      quantization,
      pair: true as const,
    };
    tensors.set(early.id, early);
    nodes = nodes.flatMap((one) => {
      if (one === node) return [{ ...quantize, inputs: [source], output: early.id }];
      return one === quantize ? [{ ...node, inputs: [early.id], output: to.id }] : [one];
    });
  }
  return nodes === graph.nodes ? graph : { ...graph, nodes, tensors };
}

function moves(node: Node): boolean {
  return (
    (node.kind === "reshape" && node.flatten !== true) ||
    ["identity", "max-pool", "slice", "repeat"].includes(node.kind)
  );
}
