/** Where the maps of a network lie: those of the host in regions of their own, the others on the chip or in the workspace. */
import { constantsOf, inputsOf, type IntGraph, type MapId } from "../ir/integer.ts";
import { known } from "../ir/known.ts";
import type { Draft } from "./draft.ts";
import { mapOf } from "./fuse.ts";
import type { Sized } from "./hardware.ts";
import { type Segments, workspaceOffsets } from "./memory.ts";
import type { MapPlace, OutputMap, PlacedConstant } from "./plan.ts";
import { mapBytes, mapsOnChip } from "./scratchpad.ts";
import { type ArrayOptions, roundUp } from "./size.ts";
import type { Chain } from "./steps.ts";

/** Rows begin on whole 128-bit words, but for those that are read in another shape. */
const ROW_ALIGN = 16;
/** Maps from and for the host begin where a burst may. */
const HOST_ALIGN = 256;

/** Where the maps of a plan lie. */
export interface Maps {
  /** Of a map that a block reads or writes. */
  readonly placeOf: (id: MapId) => MapPlace;
  /** Block that has written the map when it ends; null for an input and a constant. */
  readonly producerOf: (id: MapId) => number | null;
  readonly outputs: readonly OutputMap[];
  readonly constants: readonly PlacedConstant[];
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly workspaceBytes: number;
  /** Of the scratchpad. */
  readonly chipBytes: number;
}

/**
 * The inputs, the constants, the map that each block writes: those for the host in the output region, the others in the
 * scratchpad or in the workspace.
 */
export function placeMaps(
  graph: IntGraph,
  { handedOver, home, layouts, pitch, storage }: Chain,
  drafts: readonly Draft[],
  { pitches }: Sized,
  model: Segments,
  options: ArrayOptions,
): Maps {
  const geometry = (id: MapId) => {
    const { channels, height: rows, width } = mapOf(graph, id);
    const pixelPitch = known(pitch(id) ?? pitches.get(id), "a map has a pitch");
    const rowBytes = width * pixelPitch;
    const rowPitch = pitch(id) === undefined ? roundUp(rowBytes, ROW_ALIGN) : rowBytes;
    return { rowPitch, pixelPitch, rows, width, channels };
  };
  const rootOf = (id: MapId) => home(storage(id)).buffer;
  const buffers = placeBuffers(graph, drafts, handedOver, rootOf, geometry, model, mapBytes(options));
  const placeOf = (id: MapId): MapPlace => {
    const { buffer, byte, column, row, rowStep } = home(storage(id));
    const { offset, region } = known(buffers.regions.get(buffer), "a buffer has a place");
    const own = geometry(id);
    if (buffer === storage(id)) return { ...own, region, offset };
    const outer = geometry(buffer);
    const from = offset + row * outer.rowPitch + column * outer.pixelPitch + byte;
    return { ...own, region, offset: from, rowPitch: outer.rowPitch * rowStep };
  };
  const producers = producersOf(drafts, layouts, storage);
  return {
    placeOf,
    producerOf: (id) => {
      const producer = producers.get(storage(id)) ?? IMAGE;
      return producer === IMAGE ? null : producer;
    },
    outputs: handedOver.map((map): OutputMap => {
      const producer = known(producers.get(storage(map)), "a block writes what the host reads");
      return { map, producer, place: placeOf(storage(map)) };
    }),
    constants: buffers.constants.map((map): PlacedConstant => ({ map, place: placeOf(map.id) })),
    inputBytes: buffers.inputBytes,
    outputBytes: buffers.outputBytes,
    workspaceBytes: buffers.workspaceBytes,
    chipBytes: buffers.chipBytes,
  };
}

type Geometry = Omit<MapPlace, "region" | "offset">;

/** Places for the inputs, for the constants that blocks read and for what blocks write to; `rootOf`: the buffer that a map lies in. */
function placeBuffers(
  graph: IntGraph,
  drafts: readonly Draft[],
  handedOver: readonly MapId[],
  rootOf: (id: MapId) => MapId,
  geometry: (id: MapId) => Geometry,
  model: Segments,
  chipBytes: number,
) {
  const bytesOf = (id: MapId) => {
    const { rowPitch, rows } = geometry(id);
    return rowPitch * rows;
  };
  const regions = new Map<MapId, Pick<MapPlace, "region" | "offset">>();
  /** One behind the other; how many bytes they take. */
  const place = (region: MapPlace["region"], ids: ReadonlySet<MapId>): number => {
    let offset = 0;
    for (const id of ids) {
      regions.set(id, { region, offset });
      offset += roundUp(bytesOf(id), HOST_ALIGN);
    }
    return offset;
  };
  const inputBytes = place("input", new Set(inputsOf(graph)));
  const outputBytes = place("output", new Set(handedOver.map(rootOf)));
  const read = new Set(drafts.flatMap(({ add, source }) => [source, ...(add ? [add.residual] : [])]));
  const constants = constantsOf(graph).filter(({ id }) => read.has(id));
  for (const { id } of constants) regions.set(id, { region: "model", offset: model.place(bytesOf(id)) });
  const lastRead = (id: MapId) =>
    drafts.findLastIndex((d) => rootOf(d.source) === id || (d.add && rootOf(d.add.residual) === id));
  const inner = [...new Set(drafts.map(({ output }) => rootOf(output)))].flatMap((id) => {
    if (regions.has(id)) return [];
    const from = drafts.findIndex(({ output }) => rootOf(output) === id);
    const written = drafts.findLastIndex(({ output }) => rootOf(output) === id);
    return [{ id, bytes: bytesOf(id), from, to: Math.max(written, lastRead(id)) }];
  });
  const onChip = mapsOnChip(inner, chipBytes);
  /** Maps that share room where their lifetimes allow; how many bytes they take. */
  const share = (region: MapPlace["region"], maps: typeof inner): number => {
    const { offsets, bytes } = workspaceOffsets(maps);
    for (const [i, { id }] of maps.entries())
      regions.set(id, { region, offset: known(offsets[i], "an offset for each map") });
    return bytes;
  };
  return {
    regions,
    constants,
    inputBytes,
    outputBytes,
    chipBytes: share(
      "chip",
      inner.filter((map) => onChip.has(map)),
    ),
    workspaceBytes: share(
      "workspace",
      inner.filter((map) => !onChip.has(map)),
    ),
  };
}

/** In place of a block: nothing has to be waited for. */
const IMAGE = -1;

/** The block behind which all of a map is written. Blocks end in their order, so for a buffer it is the last one. */
function producersOf(
  drafts: readonly Draft[],
  layouts: Chain["layouts"],
  storage: (id: MapId) => MapId,
): ReadonlyMap<MapId, number> {
  const producers = new Map<MapId, number>();
  for (const [i, { output }] of drafts.entries()) producers.set(output, i);
  for (const { buffer, inputs } of layouts)
    producers.set(buffer, Math.max(...inputs.map((id) => producers.get(storage(id)) ?? IMAGE)));
  return producers;
}
