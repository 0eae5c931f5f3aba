/** Concatenations of channels as a layout: their inputs are written side by side into the pixels of one buffer. */
import { assert } from "../ir/errors.ts";
import type { IntConcat, IntGraph, IntMap, IntNode, IntPad, IntRescale, MapId } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";
import type { Operator } from "./plan.ts";
import { roundUp } from "./size.ts";

/**
 * The graph in which every concatenation of channels has inputs that can be written where it lies: each of its scale,
 * written for it alone. What cannot is copied, or rescaled, by a node of its own in front.
 */
export function withOwnInputs(graph: IntGraph): IntGraph {
  const maps = new Map(graph.maps);
  const owned = new Set<MapId>([graph.input]);
  const names = new Set(graph.nodes.map(({ name }) => name));
  const reshaped = new Set(
    graph.nodes.flatMap((node) => (node.kind === "reshape" ? [...node.inputs, node.output] : [])),
  );
  let next = Math.max(...maps.keys()) + 1;
  const nodes = graph.nodes.flatMap((node): IntNode[] => {
    if (node.kind !== "concat" || node.axis !== 2) return [node];
    const output = known(maps.get(node.output), "a node's output is a map");
    const before: IntNode[] = [];
    const inputs = node.inputs.map((id, i) => {
      const rescaling = item(node.rescale, i);
      if (rescaling === null && !owned.has(id) && !reshaped.has(id)) {
        owned.add(id);
        return id;
      }
      const { channels, height, width } = known(maps.get(id), "a node's input is a map");
      const own: IntMap = { ...output, id: next++, name: `${output.name}_${i}`, channels, height, width };
      maps.set(own.id, own);
      const base = { name: unique(`${node.name}_input${i}`, names), sources: [], inputs: [id], output: own.id, macs: 0 };
      before.push(
        rescaling === null
          ? ({ kind: "pad", ...base, padding: { top: 0, left: 0, bottom: 0, right: 0 } } satisfies IntPad)
          : ({ kind: "rescale", ...base, rescaling } satisfies IntRescale),
      );
      return own.id;
    });
    return [...before, { ...node, inputs, rescale: inputs.map(() => null) }];
  });
  return { ...graph, maps, nodes };
}

function unique(name: string, names: Set<string>): string {
  const free = names.has(name) ? unique(`${name}_`, names) : name;
  names.add(free);
  return free;
}

/** Where a map lies within each pixel of a buffer. */
interface Member {
  readonly buffer: MapId;
  /** Bytes. */
  readonly offset: number;
}

/** A concatenation as a layout. */
interface Filled {
  readonly node: IntConcat;
  readonly buffer: MapId;
  /** Buffers or maps of the inputs. */
  readonly inputs: readonly MapId[];
  /** Place of each channel in a pixel of the buffer. */
  readonly positions: readonly number[];
  /**
   * dense: the buffer is the map. scattered: its channels lie apart, and the convolutions that read it take them so.
   * gathered: they are copied together for its readers.
   */
  readonly state: "dense" | "scattered" | "gathered";
}

/** What of a graph's maps lies in the pixels of others. */
export interface Buffers {
  /** The graph, with the buffers as maps. */
  readonly graph: IntGraph;
  /** In the order of the graph. */
  readonly filled: readonly Filled[];
  /** The buffer whose pixels hold the map, at so many bytes: itself at 0, where it shares them with none. */
  readonly home: (id: MapId) => Member;
  /** Bytes of a pixel of a map that lies in a shared buffer; else undefined. */
  readonly pitch: (id: MapId) => number | undefined;
}

/** `beat`: bytes that the channels of each input begin on a multiple of. `handedOver`: maps that the host reads. */
export function buffersOf(
  graph: IntGraph,
  concats: readonly IntConcat[],
  handedOver: readonly MapId[],
  beat: number,
): Buffers {
  const maps = new Map(graph.maps);
  const members = new Map<MapId, Member>();
  const filled: Filled[] = [];
  let next = Math.max(...maps.keys()) + 1;
  for (const node of concats) {
    const output = known(maps.get(node.output), "a node's output is a map");
    const parts = node.inputs.map((id) => filled.find((one) => isScattered(one, id)) ?? wholeMap(maps, id));
    const positions: number[] = [];
    let extent = 0;
    const offsets = parts.map((part) => {
      const offset = roundUp(extent, beat);
      for (const place of part.positions) positions.push(offset + place);
      extent = offset + channelsOf(maps, part.buffer);
      return offset;
    });
    const state = stateOf(graph, concats, handedOver, node, positions);
    const buffer = state === "dense" ? node.output : next++;
    if (state !== "dense") maps.set(buffer, { ...output, id: buffer, channels: extent });
    for (const [i, part] of parts.entries()) members.set(part.buffer, { buffer, offset: item(offsets, i) });
    filled.push({ node, buffer, inputs: parts.map((part) => part.buffer), positions, state });
  }
  const home = (id: MapId): Member => {
    const member = members.get(id);
    if (member === undefined) return { buffer: id, offset: 0 };
    const outer = home(member.buffer);
    return { buffer: outer.buffer, offset: outer.offset + member.offset };
  };
  const shared = new Set(filled.flatMap(({ buffer, inputs }) => [buffer, ...inputs]));
  return {
    graph: { ...graph, maps },
    filled,
    home,
    pitch: (id) => (shared.has(id) ? roundUp(channelsOf(maps, home(id).buffer), beat) : undefined),
  };
}

/** Whether a map is a concatenation whose channels are read where they lie apart. */
export function isScattered({ node, state }: Filled, id: MapId): boolean {
  return state === "scattered" && node.output === id;
}

function wholeMap(maps: ReadonlyMap<MapId, IntMap>, id: MapId): Pick<Filled, "buffer" | "positions"> {
  return { buffer: id, positions: Array.from({ length: channelsOf(maps, id) }, (_, channel) => channel) };
}

function stateOf(
  graph: IntGraph,
  concats: readonly IntConcat[],
  handedOver: readonly MapId[],
  { output }: IntConcat,
  positions: readonly number[],
): Filled["state"] {
  if (positions.every((place, channel) => place === channel)) return "dense";
  const takesApart = (reader: IntNode) =>
    reader.kind === "conv" || (reader.kind === "concat" && concats.includes(reader));
  const readers = graph.nodes.filter(({ inputs }) => inputs.includes(output));
  return readers.every(takesApart) && !handedOver.includes(output) ? "scattered" : "gathered";
}

function channelsOf(maps: ReadonlyMap<MapId, IntMap>, id: MapId): number {
  return known(maps.get(id), "a buffer is a map").channels;
}

/** The convolution of a map whose channels lie apart: its weights stand where they do, with zeros between. */
export function overScattered(operator: Operator, { buffer, positions }: Filled, extent: number): Operator {
  const { weights } = operator;
  assert(operator.kind === "conv" && weights, "a convolution has weights");
  const channels = positions.length;
  const apart = new Int16Array((weights.length / channels) * extent);
  for (let from = 0, to = 0; from < weights.length; from += channels, to += extent)
    for (const [channel, place] of positions.entries()) apart[to + place] = item(weights, from + channel);
  return { ...operator, input: buffer, weights: apart };
}
