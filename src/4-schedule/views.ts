/** Reshapes without moving a byte: maps that lie in memory under another map's shape. */
import type { Problem } from "../ir/errors.ts";
import { assert } from "../ir/errors.ts";
import { endsOf, type IntGraph, type IntMap, type IntReshape, type MapId } from "../ir/integer.ts";
import { unsupported } from "./operator-parts.ts";
import { roundUp } from "./size.ts";

export interface Views {
  /** The first map with the same shape, where reshapes keep it. */
  readonly canonical: (id: MapId) => MapId;
  /** The map whose bytes these are: itself, or what the reshapes in front of it read. */
  readonly storage: (id: MapId) => MapId;
  /** Bytes of a pixel of a map that an operator reads under another shape, and of those that it is read as; else undefined. */
  readonly pitch: (id: MapId) => number | undefined;
  readonly problems: readonly Problem[];
}

/**
 * The graph with an image as the first layers read it: the host lays it out anyway, and values keep their order. For a
 * graph whose image nothing but reshapes to one shape reads.
 */
export function withImageAsRead(graph: IntGraph): IntGraph {
  const readers = graph.nodes.filter(({ inputs }) => inputs.includes(graph.input));
  const [first] = readers;
  if (first === undefined || graph.logits === graph.input) return graph;
  const same = (id: MapId) => shapeText(mapOf(graph, id)) === shapeText(mapOf(graph, first.output));
  if (!readers.every((node) => node.kind === "reshape" && same(node.output))) return graph;
  const made = new Set(readers.map(({ output }) => output));
  if ([graph.logits, ...endsOf(graph)].some((id) => made.has(id))) return graph;
  const nodes = graph.nodes
    .filter((node) => !readers.includes(node))
    .map((node) => ({ ...node, inputs: node.inputs.map((id) => (made.has(id) ? first.output : id)) }));
  return withImageAsRead({ ...graph, nodes, input: first.output });
}

/** Reshapes in a graph of what the accelerator computes. `beat`: bytes that a pixel in memory has a multiple of. */
export function viewsOf(graph: IntGraph, beat: number): Views {
  const alias = new Map<MapId, MapId>();
  const storages = new Map<MapId, MapId>();
  const canonical = (id: MapId): MapId => alias.get(id) ?? id;
  const storage = (id: MapId): MapId => storages.get(canonical(id)) ?? canonical(id);
  const reshapes = graph.nodes.filter((node): node is IntReshape => node.kind === "reshape");
  for (const { inputs, output } of reshapes) {
    const from = canonical(inputs[0] ?? output);
    if (shapeText(mapOf(graph, from)) === shapeText(mapOf(graph, output))) alias.set(output, from);
    else storages.set(output, storage(from));
  }
  const read = new Set(
    graph.nodes.filter(({ kind }) => kind !== "reshape").flatMap(({ inputs }) => inputs.map(canonical)),
  );
  const pitches = new Map<MapId, number>();
  const problems: Problem[] = [];
  for (const node of reshapes) {
    const id = node.output;
    if (!storages.has(id) || !read.has(id)) continue;
    const from = storage(id);
    const [own, view] = [from, id].map((one) => mapOf(graph, one).channels) as [number, number];
    const isDense = own % beat === 0 && view % beat === 0;
    if (own !== view && !isDense) problems.push(moves(node, mapOf(graph, from), mapOf(graph, id), beat));
    pitches.set(from, roundUp(own, beat));
    pitches.set(id, roundUp(view, beat));
  }
  return { canonical, storage, pitch: (id) => pitches.get(id), problems };
}

function moves(node: IntReshape, from: IntMap, to: IntMap, beat: number): Problem {
  return {
    ...unsupported(node, `a reshape from ${shapeText(from)} to ${shapeText(to)} in front of a layer`),
    supported: `reshapes that keep the channels, or whose channels are multiples of ${beat} here`,
  };
}

function shapeText({ channels, height, width }: IntMap): string {
  return `${height}x${width}x${channels}`;
}

function mapOf(graph: IntGraph, id: MapId): IntMap {
  const map = graph.maps.get(id);
  assert(map, `map ${id} is missing`);
  return map;
}
