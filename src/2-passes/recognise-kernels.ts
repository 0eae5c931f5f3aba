import { activationKernel } from "../activations/kernel.ts";
import type { Graph, Node, TensorId } from "../ir/graph.ts";
import { item } from "../ir/known.ts";
import { deadNodes } from "./dead-nodes.ts";
import type { Pass } from "./pass.ts";

/**
 * before: a = x + 3, b = relu6(a), c = b * 1/6, d = x * c. after: d = hard-swish(x); where d is missing, c = hard-sigmoid(x).
 * Exporters without the operators write them out, in any order of the products. Float networks only.
 */
export const recogniseKernels: Pass = {
  name: "recognise-kernels",
  description: "Recognise hard sigmoid and hard swish in the arithmetic that they are written out as",
  run(graph) {
    let current = graph;
    for (const node of graph.nodes) {
      const gate = gateOf(current, node);
      const found = gate && (swishOf(current, gate) ?? sigmoidOf(current, gate));
      if (found) current = replace(current, found);
    }
    return current === graph ? graph : deadNodes.run(current);
  },
};

/** `output` is `factor` times clamp(x + 3, 0, 6). */
interface Gate {
  readonly x: TensorId;
  readonly output: TensorId;
  readonly factor: number;
}

interface Found {
  readonly kernel: "hard-sigmoid" | "hard-swish";
  readonly x: TensorId;
  /** Writes the kernel's result; the node takes its place. */
  readonly last: Node;
}

/** Operators with constants that one kernel is written out with on one side of its clamp, with some to spare. */
const MOST_STEPS = 6;

const makerOf = (graph: Graph, id: TensorId) => graph.nodes.find((node) => node.output === id);
const readersOf = (graph: Graph, id: TensorId) => graph.nodes.filter((node) => node.inputs.includes(id));
const isAbout = (value: number, wanted: number) => Math.abs(value - wanted) < 1e-5 * wanted;

/** What a node clamps to 0 .. 6 as a gate, or a hard sigmoid that is one already. */
function gateOf(graph: Graph, node: Node): Gate | undefined {
  if (node.kind === "kernel" && node.kernel.spec === "hard-sigmoid")
    return { x: item(node.inputs, 0), output: node.output, factor: 1 / 6 };
  const isFused = node.kind === "add" && node.activation === "relu6";
  if (node.kind !== "relu6" && !isFused) return undefined;
  const first = isFused ? affineOf(graph, { ...node, activation: "none" }) : undefined;
  if (isFused && !first) return undefined;
  let { x, scale, offset } = first ?? { x: item(node.inputs, 0), scale: 1, offset: 0 };
  for (let step = 0; step < MOST_STEPS; step++) {
    if (isAbout(scale, 1) && isAbout(offset, 3)) return { x, output: node.output, factor: 1 };
    const maker = makerOf(graph, x);
    const inner = maker && affineOf(graph, maker);
    if (!inner) return undefined;
    [x, offset, scale] = [inner.x, scale * inner.offset + offset, scale * inner.scale];
  }
  return undefined;
}

/** A node as x * scale + offset, of one value for all. */
function affineOf(
  graph: Graph,
  node: Node,
): { readonly x: TensorId; readonly scale: number; readonly offset: number } | undefined {
  if (node.kind !== "add" && node.kind !== "sub" && node.kind !== "mul") return undefined;
  const constants = node.inputs.map((id) => graph.tensors.get(id)?.data);
  const at = constants.findIndex((data) => data !== undefined);
  const data = constants[at];
  const x = node.inputs[1 - at];
  if (node.activation !== "none" || !(data instanceof Float32Array) || x === undefined) return undefined;
  const value = item(data, 0);
  if (data.some((other) => other !== value)) return undefined;
  if (node.kind === "mul") return { x, scale: value, offset: 0 };
  if (node.kind === "add") return { x, scale: 1, offset: value };
  return at === 1 ? { x, scale: 1, offset: -value } : { x, scale: -1, offset: value };
}

/** A product of the gate and x, and the sixth of one of them or of the product, in any order. */
function swishOf(graph: Graph, gate: Gate, steps = MOST_STEPS): Found | undefined {
  for (const node of readersOf(graph, gate.output)) {
    const scaled = affineOf(graph, node);
    if (scaled?.offset === 0 && steps > 0) {
      const factor = gate.factor * scaled.scale;
      const found = swishOf(graph, { ...gate, output: node.output, factor }, steps - 1);
      if (found) return found;
    }
    if (node.kind !== "mul" || node.activation !== "none") continue;
    const other = node.inputs.find((id) => id !== gate.output);
    const share = other === undefined ? undefined : shareOf(graph, other, gate.x);
    const found = share === undefined ? undefined : sixth(graph, node, gate.factor * share);
    if (found) return { kernel: "hard-swish", x: gate.x, last: found };
  }
  return undefined;
}

/** By what x was multiplied to give a tensor. */
function shareOf(graph: Graph, id: TensorId, x: TensorId): number | undefined {
  if (id === x) return 1;
  const maker = makerOf(graph, id);
  const scaled = maker && affineOf(graph, maker);
  return scaled?.x === x && scaled.offset === 0 ? scaled.scale : undefined;
}

/** The node when its result has the factor 1/6, or the one behind it that gives it that. */
function sixth(graph: Graph, node: Node, factor: number): Node | undefined {
  if (isAbout(factor, 1 / 6)) return node;
  return readersOf(graph, node.output).find((reader) => {
    const scaled = affineOf(graph, reader);
    return scaled?.offset === 0 && isAbout(factor * scaled.scale, 1 / 6);
  });
}

function sigmoidOf(graph: Graph, gate: Gate): Found | undefined {
  if (gate.factor !== 1) return undefined;
  const last = readersOf(graph, gate.output).find((reader) => {
    const scaled = affineOf(graph, reader);
    return scaled?.offset === 0 && isAbout(scaled.scale, 1 / 6);
  });
  return last && { kernel: "hard-sigmoid", x: gate.x, last };
}

function replace(graph: Graph, { kernel, last, x }: Found): Graph {
  if ([x, last.output].some((id) => graph.tensors.get(id)?.dtype !== "float32")) return graph;
  const { name, output, sources } = last;
  const node: Node = {
    kind: "kernel",
    name,
    sources,
    inputs: [x],
    output,
    kernel: activationKernel(kernel),
  };
  return { ...graph, nodes: graph.nodes.map((other) => (other === last ? node : other)) };
}
