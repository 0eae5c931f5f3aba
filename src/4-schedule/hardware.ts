/** Sizes the hardware for a network: line buffers, rings, FIFOs. All sizes in bytes or words as named. */
import { assert } from "../ir/errors.ts";
import type { ActivationKernel } from "../ir/activation-kernel.ts";
import type { IntGraph, MapId } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";
import type { Draft, PhaseShape } from "./draft.ts";
import { chooseKept, groupsInRing, weightNeeds, weightStores } from "./kept-weights.ts";
import { packerRows } from "./patches.ts";
import { FLOAT_MODE } from "./operator-parts.ts";
import { type BlockRange, type Hardware, isWithin, type WeightNeed } from "./plan.ts";
import {
  type ArrayOptions,
  ceilDiv,
  imagePitch,
  lineRowBytes,
  memoryPitch,
  pooled,
  powerOfTwo,
  roundUp,
  weightSize,
} from "./size.ts";
import { mostCodeBits } from "./sparse/codebook.ts";
import { WINDOW_WORDS } from "../format/places.ts";
import type { Views } from "./views.ts";
import { isCheapToShare } from "./shared-requantisers.ts";
import { sumSizes } from "./sums.ts";
import { type BlockSize, lineRows, ROW_BANKS, sizeBlock, weightDepth } from "./strips.ts";

const OUTPUT_DEPTH = 64;
/** Groups of parameters that a deep weight ring gets to run ahead: as many as a block RAM holds. */
const MOST_GROUPS_AHEAD = 512;

export interface Sized {
  readonly hardware: Hardware;
  readonly blocks: readonly BlockSize[];
  /** Bytes of a pixel of each map in memory, the input image's included. */
  readonly pitches: ReadonlyMap<MapId, number>;
  /** Blocks whose weights stay on the chip. */
  readonly keptBlocks: BlockRange;
  readonly weightNeeds: readonly WeightNeed[];
}

export function sizeHardware(
  graph: IntGraph,
  drafts: readonly Draft[],
  views: Pick<Views, "pitch" | "storage">,
  window: readonly [number, number],
  activations: readonly ActivationKernel[],
  o: ArrayOptions,
): Sized {
  const lbBytes = Math.max(o.pk, o.pc, o.busBytes);
  const sharedRequantisers = o.packed === true && (o.sharedRequantisers ?? isCheapToShare(drafts, o));
  const weights = weightNeeds(drafts, { ...o, sharedRequantisers });
  const kept = chooseKept(weights, weightStores(drafts, o));
  const isKept = (block: number): boolean => isWithin(kept.range, block);
  const others = drafts.filter((_, i) => !isKept(i));
  const depth = weightDepth(others, o);
  const blocks = drafts.map((d, i) => sizeBlock(d, isKept(i) ? Infinity : depth, o));
  const pitches = mapPitches(drafts, views, blocks, o);
  const triples = drafts.some(({ phases }) => phases.length > 2);
  // the phases that read a window, or move over a map, and not the rows of a line
  const walkers = drafts.flatMap(({ phases }) => phases.slice(0, phases.length > 2 ? 2 : 1));
  const needs = walkers.map((p) => Math.max(p.padTop, p.stride[0]));
  const banks = powerOfTwo(Math.max(ROW_BANKS, window[0], ...needs));
  const lineBanks = [banks, triples ? banks : 1, ...(triples ? [1] : [])];
  const sized = drafts.map((draft, i) => {
    const size = item(blocks, i);
    const { phases } = draft;
    const first = item(phases, 0);
    const last = item(phases, phases.length - 1);
    const lastStrip = item(size.strips, phases.length - 1);
    const rowWords = (width: number, map: MapId) =>
      ceilDiv(width * known(pitches.get(map), "a map that a block reads has a pitch"), lbBytes);
    const sizes = phases.map((p, j) => weightSize(p, o, j === phases.length - 1));
    const resident = sizes.reduce((n, s) => n + s.records, 0);
    // a tile of every phase, and the next one of the last
    const tiles = sizes.map(({ records, shared }, j) =>
      shared ? records : Math.min(item(size.strips, j).tileGroups, records),
    );
    const streaming = tiles.reduce((n, groups) => n + groups, lastStrip.tileGroups);
    const { groups } = item(sizes, phases.length - 1);
    const poolWidth = draft.pool
      ? pooled(last.outputWidth, draft.pool.kernel[1], draft.pool.padding.right)
      : 0;
    const depths = lineBanks.map((inBanks, index) => {
      const phase = phases[index];
      if (!phase) return 1;
      if (index === 0)
        return (
          (wantedSlots(first, banks, rowsTogether(draft, size, item(sizes, 0).groups)) / banks) *
          rowWords(first.inputWidth, draft.source)
        );
      return (roundUp(lineRows(phases, index, size), inBanks) / inBanks) * (lineRowBytes(phase, o) / lbBytes);
    });
    return {
      depths,
      params: isKept(i) ? 0 : 2 * (size.streamed ? Math.min(streaming, resident) : resident),
      residual: draft.add
        ? Math.min(last.outputRows, size.streamed ? lastStrip.rows + 1 : 3) *
          rowWords(known(graph.maps.get(draft.add.residual), "a residual is a map").width, draft.add.residual)
        : 0,
      poolGroups: draft.pool ? groups : 0,
      poolDepth: poolWidth * groups,
    };
  });
  const most = (of: (s: (typeof sized)[number], block: number) => number) => Math.max(...sized.map(of));
  const operators = drafts.flatMap(({ phases }) =>
    phases.flatMap(({ centreTap, operator }) => [centreTap ?? [], operator ?? []].flat()),
  );
  const patchWords = patchDepth(drafts);
  const hardware: Hardware = {
    pk: o.pk,
    pc: o.pc,
    busBytes: o.busBytes,
    packed: o.packed ?? false,
    sharedRequantisers,
    lbBytes,
    lineBuffers: lineBanks.map((inBanks, index) => ({
      banks: inBanks,
      depth: most(({ depths }) => depths[index] ?? 1),
      pairDepth: most(({ depths }, i) =>
        drafts[i]?.phases[index]?.columns === 2 ? (depths[index] ?? 0) : 0,
      ),
    })),
    weightDepth: depth,
    paramDepth: powerOfTwo(
      Math.max(
        4,
        most((s) => s.params),
        Math.min(MOST_GROUPS_AHEAD, groupsInRing(weights, kept.range, depth)),
      ),
    ),
    patchWords,
    codeBits: patchWords > 0 ? mostCodeBits(operators) : 0,
    kept: { words: kept.words, groups: kept.groups },
    window,
    maxBlocks: Math.max(16, powerOfTwo(drafts.length)),
    packer: packerRows(drafts, banks, lbBytes, o),
    serialMax: operators.some(({ maximum }) => maximum),
    edgeRecords: operators.some(({ bias, weights }) => weights === null && bias.length > 1),
    float32: operators.some(({ shift }) => shift.some((word) => word & FLOAT_MODE)),
    ...sumSizes(operators),
    residualDepth: most((s) => s.residual),
    residualOperations: drafts.some(({ add }) => add !== null && add.node.kind !== "add"),
    pool: drafts.some((d) => d.pool)
      ? { groups: most((s) => s.poolGroups), depth: most((s) => s.poolDepth) }
      : null,
    outputDepth: OUTPUT_DEPTH,
    weightsYield: (o.memoryBytes ?? o.busBytes) < 2 * o.busBytes,
    chipDepth: 0,
    activationStages: Math.max(0, ...activations.map(({ latency }) => latency)),
    tables: operators.some(({ lookup }) => lookup !== null),
  };
  return { hardware, blocks, pitches, keptBlocks: kept.range, weightNeeds: weights };
}

/** Words of the longest patch of sparse steps, as a power of two of four windows at least; 0 without any. */
function patchDepth(drafts: readonly Draft[]): number {
  const words = drafts.flatMap(({ phases }) =>
    phases.flatMap(({ sparse }) => (sparse === null ? [] : [sparse.patchWords])),
  );
  return words.length === 0 ? 0 : powerOfTwo(Math.max(4 * WINDOW_WORDS, ...words));
}

/** Output rows of the first phase whose source rows stay together: those that every tile of a strip re-reads. */
function rowsTogether({ phases }: Draft, { streamed, strips: [strip] }: BlockSize, groups: number): number {
  assert(strip, "a block has phases");
  const again = phases.length === 1 ? streamed : strip.tileGroups < groups;
  return again ? strip.rows + strip.haloRows : 1;
}

/** Rows of line buffer 0 that a phase wants: its windows, and the rows of the next window on their way. */
export function wantedSlots(phase: PhaseShape, banks: number, rowsTogether: number): number {
  const rows = phase.kernel[0] + (rowsTogether - 1) * phase.stride[0];
  return roundUp(Math.min(rows + 2 * phase.stride[0], Math.max(rows, phase.inputRows + phase.padTop)), banks);
}

function mapPitches(
  drafts: readonly Draft[],
  { pitch, storage }: Pick<Views, "pitch" | "storage">,
  blocks: readonly BlockSize[],
  o: ArrayOptions,
): Map<MapId, number> {
  const pitches = new Map<MapId, number>();
  drafts.forEach((draft, i) => {
    const [first] = draft.phases;
    const last = draft.phases.at(-1);
    assert(first && last, "a block has phases");
    if (!pitches.has(draft.source)) pitches.set(draft.source, pitch(draft.source) ?? imagePitch(first, o));
    const image = storage(draft.source);
    if (!pitches.has(image)) pitches.set(image, pitch(image) ?? imagePitch(first, o));
    const residual = draft.add?.residual;
    // what no block writes: an input of the network, or a buffer that several fill
    if (residual !== undefined && !pitches.has(residual))
      pitches.set(residual, pitch(residual) ?? memoryPitch(last.outputChannels, false, o));
    const { tileGroups } = item(item(blocks, i).strips, draft.phases.length - 1);
    const tiled = tileGroups < weightSize(last, o, true).groups;
    pitches.set(draft.output, pitch(draft.output) ?? memoryPitch(last.outputChannels, tiled, o));
  });
  return pitches;
}
