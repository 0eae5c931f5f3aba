/** What the layout of maps asks of a graph: nodes that put maps together have inputs that can be written where they lie. */
import { NO_PADDING } from "../ir/graph.ts";
import type {
  IntGraph,
  IntInterleave,
  IntMap,
  IntNode,
  IntPad,
  IntRescale,
  MapId,
  Rescaling,
} from "../ir/integer.ts";
import { inputsOf } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";

/**
 * The graph in which the inputs of a concatenation, which have its scale, and of what weaves maps are written for it alone: what
 * is not is copied, or rescaled, by a node of its own in front. Repeated pixels become copies that are woven together. `nodes`:
 * what the accelerator computes; others stay as they are.
 */
export function withOwnInputs(graph: IntGraph, nodes: readonly IntNode[]): IntGraph {
  const maps = new Map(graph.maps);
  const names = new Set(graph.nodes.map(({ name }) => name));
  const owned = new Set<MapId>(inputsOf(graph));
  // what is only another view of a map cannot be written elsewhere, nor can a map that such a view reads
  const views = new Set(
    nodes.flatMap((node) => {
      if (node.kind === "reshape") return [...node.inputs, node.output];
      return node.kind === "slice" ? [node.output] : [];
    }),
  );
  let next = Math.max(...maps.keys()) + 1;
  /** A node that makes the map again, in the scale of `output`. */
  const again = (
    node: IntNode,
    i: number,
    from: MapId,
    output: IntMap,
    rescaling: Rescaling | null,
  ): IntPad | IntRescale => {
    const { channels, height, width } = known(maps.get(from), "a node's input is a map");
    const map: IntMap = { ...output, id: next++, name: `${output.name}_${i}`, height, width, channels };
    maps.set(map.id, map);
    const name = unique(`${node.name}_input${i}`, names);
    const base = { name, sources: [], inputs: [from], output: map.id, macs: 0 };
    return rescaling === null
      ? { kind: "pad", ...base, padding: NO_PADDING }
      : { kind: "rescale", ...base, rescaling };
  };
  const ownInputs = (node: IntNode, rescaling: (i: number) => Rescaling | null) => {
    const output = known(maps.get(node.output), "a node's output is a map");
    const copies: IntNode[] = [];
    const inputs = node.inputs.map((id, i) => {
      if (rescaling(i) === null && !owned.has(id) && !views.has(id)) {
        owned.add(id);
        return id;
      }
      const copy = again(node, i, id, output, rescaling(i));
      copies.push(copy);
      return copy.output;
    });
    return { copies, inputs };
  };
  const own = graph.nodes.flatMap((node): IntNode[] => {
    if (!nodes.includes(node)) return [node];
    if (node.kind === "concat") {
      const { copies, inputs } = ownInputs(node, (i) => item(node.rescale, i));
      return [...copies, { ...node, inputs, rescale: inputs.map(() => null) }];
    }
    if (node.kind === "interleave") {
      const { copies, inputs } = ownInputs(node, () => null);
      return [...copies, { ...node, inputs }];
    }
    if (node.kind === "repeat") {
      const [rows, columns] = node.factor;
      const output = known(maps.get(node.output), "a node's output is a map");
      const from = item(node.inputs, 0);
      const copies = Array.from({ length: rows * columns }, (_, i) => again(node, i, from, output, null));
      const inputs = copies.map((copy) => copy.output);
      return [...copies, { ...node, kind: "interleave", inputs } satisfies IntInterleave];
    }
    return [node];
  });
  return { ...graph, maps, nodes: own };
}

function unique(name: string, names: Set<string>): string {
  const free = names.has(name) ? unique(`${name}_`, names) : name;
  names.add(free);
  return free;
}
