/** QUANTIZE from uint8 to int8 or back by 128: the same integers once uint8 is re-centred. */
import type { IntGraph, IntNode, MapId } from "../ir/integer.ts";
import { sameQuantization } from "./context.ts";

/**
 * Removes rescales that change nothing but the type's name. One that makes the network's output leaves its type to the
 * map that the node before it writes; any other leaves its readers the map that it read.
 */
export function elideRescales(graph: IntGraph): IntGraph {
  return graph.nodes.reduce(
    (current, node) => (node.kind === "rescale" ? elide(current, node) : current),
    graph,
  );
}

function elide(graph: IntGraph, rescaled: MapId): IntGraph {
  const rescale = graph.nodes.find((node) => node.output === rescaled);
  if (!rescale) return graph;
  const from = rescale.inputs[0] ?? -1;
  const [input, output] = [graph.maps.get(from), graph.maps.get(rescale.output)];
  if (!input || !output || !sameQuantization(input, output)) return graph;
  const others = graph.nodes.filter((node) => node !== rescale);
  if (rescale.output !== graph.output) {
    const reader = others.find((node) => node.inputs.includes(rescale.output));
    const nodes = others.map((node): IntNode => {
      const inputs = node.inputs.map((id) => (id === rescale.output ? from : id));
      return {
        ...node,
        inputs,
        sources: node === reader ? [...rescale.sources, ...node.sources] : node.sources,
      };
    });
    return without(graph, nodes, rescale.output);
  }
  const writer = others.find((node) => node.output === from);
  if (!writer || others.some((node) => node.inputs.includes(from))) return graph;
  const renamed: IntNode = {
    ...writer,
    output: rescale.output,
    sources: [...writer.sources, ...rescale.sources],
  };
  return without(
    graph,
    others.map((node) => (node === writer ? renamed : node)),
    from,
  );
}

function without(graph: IntGraph, nodes: readonly IntNode[], id: number): IntGraph {
  const maps = new Map(graph.maps);
  maps.delete(id);
  return { ...graph, maps, nodes };
}
