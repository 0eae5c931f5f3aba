/** Pixels that are repeated very often as several nodes: each copy is a node of its own, of which a program holds few. */
import type { IntGraph, IntNode, IntRepeat } from "../ir/integer.ts";
import { known } from "../ir/known.ts";
import { Expansion } from "./expansion.ts";

/** Copies that one node may make. */
const MOST = 16;

/**
 * before: repeat by 33 x 33, of 1089 copies. after: by 1 x 11, 1 x 3, 11 x 1 and 3 x 1, of 28. `nodes`: what the accelerator computes;
 * others stay as they are.
 */
export function withSplitRepeats(graph: IntGraph, nodes: readonly IntNode[]): IntGraph {
  const isLarge = (node: IntNode): node is IntRepeat =>
    node.kind === "repeat" && node.factor[0] * node.factor[1] > MOST && nodes.includes(node);
  if (!graph.nodes.some(isLarge)) return graph;
  const draft = new Expansion(graph);
  for (const node of graph.nodes) {
    if (isLarge(node)) split(draft, node);
    else draft.nodes.push(node);
  }
  return { ...graph, maps: draft.maps, nodes: draft.nodes };
}

function split(draft: Expansion, node: IntRepeat): void {
  const [rows, columns] = node.factor;
  const factors = [
    ...partsOf(columns).map((n) => [1, n] as const),
    ...partsOf(rows).map((n) => [n, 1] as const),
  ];
  let inputs = node.inputs;
  let { height, width } = draft.mapOf(known(inputs[0], "a repeat has an input"));
  for (const [i, factor] of factors.entries()) {
    if (i === factors.length - 1) {
      draft.nodes.push({ ...node, inputs, factor });
      return;
    }
    height *= factor[0];
    width *= factor[1];
    const part = `/${height}x${width}`;
    const { id } = draft.map(draft.mapOf(node.output), part, { height, width });
    draft.nodes.push({ ...node, name: `${node.name}${part}`, sources: [], inputs, output: id, factor });
    inputs = [id];
  }
}

/** Factors of a number, each as large as one node may have it, or prime; none of 1. */
function partsOf(n: number): number[] {
  if (n === 1) return [];
  const divisors = Array.from({ length: n - 1 }, (_, i) => i + 2).filter((d) => n % d === 0);
  const first = divisors.findLast((d) => d <= MOST) ?? known(divisors[0], "a number divides itself");
  return [first, ...partsOf(n / first)];
}
