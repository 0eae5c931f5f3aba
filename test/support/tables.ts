/** Networks whose functions of single values are tables. */
import type { IntGraph, IntNode } from "../../src/ir/integer.ts";
import { createRandom } from "../../src/zoo/pictures/random.ts";

/** A table of noise, the same for the same seed. */
export function noiseTable(seed: number): Int8Array {
  const random = createRandom(seed);
  return Int8Array.from({ length: 256 }, () => Math.floor(random() * 256) - 128);
}

/** Kernels that `seedOf` gives a seed for as tables of noise. */
export function withTables(
  graph: IntGraph,
  seedOf: (name: string, kernel: string, index: number) => number | null = (_name, _kernel, index) => index,
): IntGraph {
  const nodes = graph.nodes.map((node, i): IntNode => {
    const seed = node.kind === "activation" ? seedOf(node.name, node.kernel.name, i) : null;
    if (seed === null) return node;
    const { name, sources, inputs, output, macs } = node;
    return { kind: "lookup", name, sources, inputs, output, macs, tables: noiseTable(seed) };
  });
  return { ...graph, nodes };
}
