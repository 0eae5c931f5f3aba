import { realCurve } from "../ir/curve.ts";
import type { BinaryNode, Curve, Graph, Node, TensorId } from "../ir/graph.ts";
import { deadNodes } from "./dead-nodes.ts";
import type { Pass } from "./pass.ts";

/**
 * before: a = erf(x / sqrt(2)), b = a + 1, c = x * b, d = c * 0.5, or the same in any other order, or with tanh. after: d = gelu(x).
 * What operators make of one value is compared with the function itself. Float networks only.
 */
export const recogniseCurves: Pass = {
  name: "recognise-curves",
  description: "Recognise GELU in the arithmetic that it is written out as",
  run(graph) {
    let current = graph;
    for (const node of graph.nodes) {
      const written = isWritten(node) ? writtenOut(current, node) : undefined;
      if (written) current = replace(current, written);
    }
    return current === graph ? graph : deadNodes.run(current);
  },
};

interface Written {
  readonly curve: Curve;
  readonly x: TensorId;
  /** Makes the function's values; the curve takes its place. */
  readonly last: Node;
}

const CURVES: readonly Curve[] = [{ name: "gelu" }, { name: "gelu-tanh" }];

/** Values that are tried: the functions differ by 5e-4, exporters' constants by less than 1e-6. */
const TRIED = Array.from({ length: 49 }, (_, i) => (i - 24) / 4);
const isClose = (a: number, b: number) => Math.abs(a - b) < 2e-5 * Math.max(1, Math.abs(b));

/** Most operators in front of the function that all are written with, and behind it. */
const MOST_STEPS = 6;

function isWritten(node: Node): boolean {
  return (
    (node.kind === "curve" && node.curve.name === "erf") ||
    (node.kind === "kernel" && node.kernel.spec === "tanh")
  );
}

function writtenOut(graph: Graph, node: Node): Written | undefined {
  const sources = near(node.inputs, (id) => makerOf(graph, id)?.inputs ?? []);
  const results = near([node.output], (id) => readersOf(graph, id).map(({ output }) => output));
  for (const result of results.toReversed()) {
    const last = makerOf(graph, result);
    for (const x of sources) {
      const values = last && valuesOf(graph, result, x);
      const curve =
        values && CURVES.find((one) => TRIED.every((at, i) => isClose(values[i] ?? NaN, realCurve(one)(at))));
      if (curve) return { curve, x, last };
    }
  }
  return undefined;
}

const makerOf = (graph: Graph, id: TensorId) => graph.nodes.find(({ output }) => output === id);
const readersOf = (graph: Graph, id: TensorId) => graph.nodes.filter(({ inputs }) => inputs.includes(id));

/** Those that so many steps lead to, the nearest first. */
function near(first: readonly TensorId[], next: (id: TensorId) => readonly TensorId[]): readonly TensorId[] {
  const found = new Set(first);
  let last = first;
  for (let step = 0; step < MOST_STEPS; step++) {
    last = [...new Set(last.flatMap(next))].filter((id) => !found.has(id));
    for (const id of last) found.add(id);
  }
  return [...found];
}

/** A tensor for each value of x that is tried; undefined where it does not depend on x alone, value by value. */
function valuesOf(
  graph: Graph,
  id: TensorId,
  x: TensorId,
  depth = 2 * MOST_STEPS,
): readonly number[] | undefined {
  if (id === x) return TRIED;
  const tensor = graph.tensors.get(id);
  const node = makerOf(graph, id);
  if (tensor?.data) return constantOf(tensor.data);
  if (!node || depth === 0 || tensor?.dtype !== "float32") return undefined;
  const operands = node.inputs.map((input) => valuesOf(graph, input, x, depth - 1));
  const known = operands.filter((operand) => operand !== undefined);
  const compute = known.length === operands.length ? functionOf(node) : undefined;
  return compute && TRIED.map((_, i) => compute(...known.map((values) => values[i] ?? NaN)));
}

/** One value, for each that is tried. */
function constantOf(data: ArrayLike<number | bigint>): readonly number[] | undefined {
  const values = Array.from(data, Number);
  const [value = NaN] = values;
  return values.every((other) => other === value) ? TRIED.map(() => value) : undefined;
}

type OfValues = (...values: number[]) => number;

const OPERATIONS: Readonly<Record<BinaryNode["kind"], (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  maximum: Math.max,
  minimum: Math.min,
};

function functionOf(node: Node): OfValues | undefined {
  const of =
    (compute: (x: number) => number): OfValues =>
    (x = NaN) =>
      compute(x);
  switch (node.kind) {
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum": {
      const operation = OPERATIONS[node.kind];
      return node.activation === "none" ? (x = NaN, y = NaN) => operation(x, y) : undefined;
    }
    case "power":
      return of((x) => (node.bias + node.factor * x) ** node.exponent);
    case "curve":
      return of(realCurve(node.curve));
    case "kernel":
      return node.kernel.real ? of(node.kernel.real) : undefined;
    default:
      return undefined;
  }
}

function replace(graph: Graph, { curve, last, x }: Written): Graph {
  const { name, output, sources } = last;
  const node: Node = { kind: "curve", name, sources, inputs: [x], output, curve };
  return { ...graph, nodes: graph.nodes.map((other) => (other === last ? node : other)) };
}
