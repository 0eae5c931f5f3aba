/** QUANTIZE from uint8 to int8 or back by 128: the same integers once uint8 is re-centred. */
import { endsOf, type IntGraph, type IntNode, type MapId } from "../ir/integer.ts";
import { sameQuantization } from "./context.ts";

/**
 * Removes rescales that change nothing but the type's name. One that makes the network's output leaves its type to the
 * map that the node before it writes; any other leaves its readers the map that it read.
 */
export function elideRescales(graph: IntGraph): IntGraph {
  const rescaled = graph.nodes.flatMap((node) => (node.kind === "rescale" ? [node.output] : []));
  return rescaled.reduce<IntGraph>(elide, graph);
}

function elide(graph: IntGraph, rescaled: MapId): IntGraph {
  const rescale = graph.nodes.find((node) => node.output === rescaled);
  const from = rescale?.inputs[0];
  // A table may clamp.
  if (rescale?.kind !== "rescale" || rescale.rescaling.table || from === undefined) return graph;
  const [input, output] = [graph.maps.get(from), graph.maps.get(rescaled)];
  if (!input || !output || !sameQuantization(input, output)) return graph;
  const others = graph.nodes.filter((node) => node !== rescale);
  const ends = endsOf(graph);
  if (!ends.includes(rescaled)) {
    const reader = others.find((node) => node.inputs.includes(rescaled));
    const nodes = others.map((node): IntNode => {
      const inputs = node.inputs.map((id) => (id === rescaled ? from : id));
      return {
        ...node,
        inputs,
        sources: node === reader ? [...rescale.sources, ...node.sources] : node.sources,
      };
    });
    return without(graph, nodes, rescaled);
  }
  const writer = others.find((node) => node.output === from);
  const isRead = ends.includes(from) || others.some((node) => node.inputs.includes(from));
  if (!writer || isRead) return graph;
  const sources = [...writer.sources, ...rescale.sources];
  const nodes = others.map((node): IntNode =>
    node === writer ? { ...writer, output: rescaled, sources } : node,
  );
  return without(graph, nodes, from);
}

function without(graph: IntGraph, nodes: readonly IntNode[], id: MapId): IntGraph {
  const maps = new Map(graph.maps);
  maps.delete(id);
  return { ...graph, maps, nodes };
}
