/**
 * Nodes that only put values elsewhere, as layouts of maps: concatenations are written side by side into one buffer, slices
 * are read where they lie, channels of zeros are weights that are left out.
 */
import { assert } from "../ir/errors.ts";
import type {
  IntConcat,
  IntGraph,
  IntInterleave,
  IntMap,
  IntNode,
  IntPad,
  IntSlice,
  MapId,
} from "../ir/integer.ts";
import { isBinary } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";
import type { Operator } from "./plan.ts";
import { roundUp } from "./size.ts";

export type LayoutNode =
  IntConcat | IntInterleave | IntSlice | (IntPad & { readonly channels: readonly [number, number] });

export function isLayout(node: IntNode): node is LayoutNode {
  const { kind } = node;
  return (
    kind === "concat" ||
    kind === "interleave" ||
    kind === "slice" ||
    (kind === "pad" && node.channels !== undefined)
  );
}

/** Where a map lies in a buffer: its first pixel, its first byte there, and how far its rows and columns lie apart. */
export interface Member {
  readonly buffer: MapId;
  readonly row: number;
  readonly column: number;
  readonly byte: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** A channel of zeros, which lies nowhere. */
export const NOWHERE = -1;

/** A node as a layout. */
export interface Layout {
  readonly node: LayoutNode;
  /** What holds the channels. */
  readonly buffer: MapId;
  /** Buffers or maps of the inputs. */
  readonly inputs: readonly MapId[];
  /** Place of each channel in a pixel of the buffer. */
  readonly positions: readonly number[];
  /**
   * dense: the buffer is the map. scattered: its channels lie apart, and the convolutions that read it take them so.
   * gathered: it is copied for its readers.
   */
  readonly state: "dense" | "scattered" | "gathered";
}

/** Where the maps of a graph lie in each other. */
export interface Layouts {
  /** The graph, with the buffers as maps. */
  readonly graph: IntGraph;
  /** In the order of the graph. */
  readonly layouts: readonly Layout[];
  /** The buffer that holds the map: itself, where it shares none. */
  readonly home: (id: MapId) => Member;
  /** Bytes from a pixel to the next of a map that shares a buffer; else undefined. */
  readonly pitch: (id: MapId) => number | undefined;
  /** Maps whose rows are not those that are written, so that none can be read before all are. */
  readonly late: ReadonlySet<MapId>;
}

/** `nodes`: those of the graph that are layouts. `beat`: bytes that the channels of each input begin on a multiple of. */
export function layoutsOf(
  graph: IntGraph,
  nodes: readonly LayoutNode[],
  handedOver: readonly MapId[],
  beat: number,
): Layouts {
  const maps = new Map(graph.maps);
  const members = new Map<MapId, Member>();
  const layouts: Layout[] = [];
  const late = new Set<MapId>();
  let next = Math.max(...maps.keys()) + 1;
  const buffer = (like: MapId, channels: number): MapId => {
    maps.set(next, { ...mapIn(maps, like), id: next, channels });
    return next++;
  };
  for (const node of nodes) {
    const readers = graph.nodes.filter(({ inputs }) => inputs.includes(node.output));
    const isRead = { by: readers, isEnd: handedOver.includes(node.output) };
    const parts = node.inputs.map((id) => layouts.find((one) => isScattered(one, id)) ?? whole(maps, id));
    const inputs = parts.map((part) => part.buffer);
    if (node.kind === "concat" && node.axis === 2) {
      const { extent, offsets, positions: places } = sideBySide(maps, parts, beat);
      const positions = node.order?.map((channel) => item(places, channel)) ?? places;
      const isDense = positions.every((place, channel) => place === channel);
      const state = isDense ? "dense" : stateOf(isRead, nodes, true);
      const id = isDense ? node.output : buffer(node.output, extent);
      for (const [i, part] of inputs.entries()) members.set(part, member(id, { byte: item(offsets, i) }));
      layouts.push({ node, buffer: id, inputs, positions, state });
    } else if (node.kind === "concat" || node.kind === "interleave") {
      for (const [i, place] of placesOf(maps, node).entries())
        members.set(item(inputs, i), member(node.output, place));
      const { positions } = whole(maps, node.output);
      layouts.push({ node, buffer: node.output, inputs, positions, state: "dense" });
    } else if (node.kind === "slice") {
      const [source] = parts;
      assert(source, "a slice has an input");
      const { byte, positions } = sliceOf(node, source.positions, mapIn(maps, node.output).channels, beat);
      const isDense = positions.every((place, channel) => place === channel);
      const state = stateOf(isRead, nodes, false, isDense);
      const id = state === "dense" ? node.output : buffer(node.output, Math.max(0, ...positions) + 1);
      const [[row, column], [rowStep, columnStep]] = [node.begin, node.stride];
      members.set(id, member(source.buffer, { row, column, byte, rowStep, columnStep }));
      if (row > 0 || rowStep > 1 || late.has(source.buffer)) late.add(id);
      layouts.push({ node, buffer: id, inputs, positions, state });
    } else {
      const [source] = parts;
      assert(source, "a padded map");
      const [front, behind] = node.channels;
      const zeros = (count: number) => new Array<number>(count).fill(NOWHERE);
      const positions = [...zeros(front), ...source.positions, ...zeros(behind)];
      const { top, left, bottom, right } = node.padding;
      const state = top + left + bottom + right === 0 ? stateOf(isRead, nodes, false) : "gathered";
      layouts.push({ node, buffer: source.buffer, inputs, positions, state });
    }
  }
  const home = (id: MapId): Member => {
    const inner = members.get(id);
    if (inner === undefined) return member(id, {});
    const outer = home(inner.buffer);
    return {
      buffer: outer.buffer,
      row: outer.row + inner.row * outer.rowStep,
      column: outer.column + inner.column * outer.columnStep,
      byte: outer.byte + inner.byte,
      rowStep: outer.rowStep * inner.rowStep,
      columnStep: outer.columnStep * inner.columnStep,
    };
  };
  const shared = new Set([...members].flatMap(([id, at]) => [id, at.buffer]));
  const pitch = (id: MapId) => {
    const at = home(id);
    return shared.has(id) ? roundUp(mapIn(maps, at.buffer).channels, beat) * at.columnStep : undefined;
  };
  return { graph: { ...graph, maps }, layouts, home, pitch, late };
}

function member(buffer: MapId, place: Partial<Member>): Member {
  return { row: 0, column: 0, byte: 0, rowStep: 1, columnStep: 1, ...place, buffer };
}

function mapIn(maps: ReadonlyMap<MapId, IntMap>, id: MapId): IntMap {
  return known(maps.get(id), "a buffer is a map");
}

/** Whether a map is a layout whose channels are read where they lie apart. */
export function isScattered({ node, state }: Layout, id: MapId): boolean {
  return state === "scattered" && node.output === id;
}

type Part = Pick<Layout, "buffer" | "positions">;

function whole(maps: ReadonlyMap<MapId, IntMap>, id: MapId): Part {
  return { buffer: id, positions: Array.from({ length: mapIn(maps, id).channels }, (_, channel) => channel) };
}

/** The channels of maps behind each other, each beginning on a beat. */
function sideBySide(maps: ReadonlyMap<MapId, IntMap>, parts: readonly Part[], beat: number) {
  const positions: number[] = [];
  let extent = 0;
  const offsets = parts.map((part) => {
    const offset = roundUp(extent, beat);
    for (const place of part.positions) positions.push(place === NOWHERE ? place : offset + place);
    extent = offset + mapIn(maps, part.buffer).channels;
    return offset;
  });
  return { offsets, positions, extent };
}

/** Where the inputs of a node begin that puts pixels together. */
function placesOf(maps: ReadonlyMap<MapId, IntMap>, node: IntConcat | IntInterleave): Partial<Member>[] {
  if (node.kind === "interleave") {
    const [rowStep, columnStep] = node.factor;
    return node.inputs.map((_, i) => ({
      row: Math.floor(i / columnStep),
      column: i % columnStep,
      rowStep,
      columnStep,
    }));
  }
  let at = 0;
  return node.inputs.map((id) => {
    const { height, width } = mapIn(maps, id);
    const place = node.axis === 0 ? { row: at } : { column: at };
    at += node.axis === 0 ? height : width;
    return place;
  });
}

/** The channels that a slice takes, from the beat on in which the first of them lies. */
function sliceOf(node: IntSlice, places: readonly number[], channels: number, beat: number) {
  const taken = Array.from({ length: channels }, (_, i) => item(places, node.begin[2] + i * node.stride[2]));
  const real = taken.filter((place) => place !== NOWHERE);
  const byte = real.length === 0 ? 0 : Math.floor(Math.min(...real) / beat) * beat;
  return { byte, positions: taken.map((place) => (place === NOWHERE ? place : place - byte)) };
}

/**
 * Convolutions take channels that lie apart; other operators take a map that lies densely. What reads several maps, or
 * none but as it lies in a buffer of its own, takes neither. `canNest`: a concatenation may lie in another one.
 */
function stateOf(
  { by, isEnd }: { readonly by: readonly IntNode[]; readonly isEnd: boolean },
  nodes: readonly LayoutNode[],
  canNest: boolean,
  isDense = false,
): Layout["state"] {
  const isView = (reader: IntNode) =>
    reader.kind === "slice" || (reader.kind === "pad" && reader.channels !== undefined);
  const takesApart = (reader: IntNode) =>
    reader.kind === "conv" ||
    (isView(reader) && nodes.some((node) => node === reader)) ||
    (canNest && reader.kind === "concat" && reader.axis === 2 && nodes.includes(reader));
  const takesDense = (reader: IntNode) =>
    !isBinary(reader) && !["concat", "interleave", "reshape"].includes(reader.kind);
  if (isEnd) return "gathered";
  if (isDense && by.every(takesDense)) return "dense";
  return by.every(takesApart) ? "scattered" : "gathered";
}

/**
 * The convolution of a map whose channels lie apart: its weights stand where they do, with zeros between. What the bias takes off for
 * channels of zeros, which the array does not see, is added again.
 */
export function overScattered(operator: Operator, { buffer, positions }: Layout, extent: number): Operator {
  const { weights } = operator;
  assert(operator.kind === "conv" && weights, "a convolution has weights");
  const channels = positions.length;
  const apart = new Int16Array((weights.length / channels) * extent);
  const bias = Int32Array.from(operator.bias);
  const patch = weights.length / bias.length;
  for (let from = 0, to = 0; from < weights.length; from += channels, to += extent) {
    const output = Math.floor(from / patch);
    for (const [channel, place] of positions.entries()) {
      const weight = item(weights, from + channel);
      if (place === NOWHERE) bias[output] = item(bias, output) + operator.inputZeroPoint * weight;
      else apart[to + place] = weight;
    }
  }
  return { ...operator, input: buffer, weights: apart, bias };
}
