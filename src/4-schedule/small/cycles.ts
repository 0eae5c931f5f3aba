/** The cycle model of the small engine: when each tile has come from the flash, and how long it then computes. */
import { SMALL, type SmallPlan } from "./plan.ts";
import { LAYER_WORDS } from "../../format/small-program.ts";
import { item } from "../../ir/known.ts";

/** Cycles from start until the first 16 bits of the stream are there. */
const FLASH_START = 46;
/** Cycles of 16 bits. */
const FLASH_HALF = 4;
/** Groups end at least so many cycles apart. */
const SCALER = 8;
/** From a tile's last step until the next tile may start. */
const DRAIN = 26;
/** A layer's constants. */
const FETCH = 5;

/** A layer's words with the header of their packet. */
const DESCRIPTOR_HALVES = 1 + 2 * LAYER_WORDS;
/** Biases, multipliers and shifts of a group; their headers. */
const PARAMETER_HALVES = 20;
const HEADERS = 4;

/** From start until the first layer's descriptor is there; the first of its stalls. */
export const PROGRAM_CYCLES = FLASH_START + DESCRIPTOR_HALVES * FLASH_HALF;

/** The flash: bytes a cycle, and cycles to the first. */
export const SMALL_FLASH = { bytes: 2 / FLASH_HALF, latency: FLASH_START } as const;

/** `cycles` are the sum of the others that are cycles. */
export interface SmallLayerPrediction {
  readonly cycles: number;
  readonly computeCycles: number;
  /** Waits for the flash. */
  readonly stallCycles: number;
  /** Groups of fewer steps than a scaler takes wait for it. */
  readonly scalerCycles: number;
  /** The layer's constants. */
  readonly setupCycles: number;
  /** The last results of each tile. */
  readonly drainCycles: number;
  /** Bytes that the flash gives in these cycles, those of the next layers too, which come early. */
  readonly flashBytes: number;
}

const noCycles = {
  cycles: 0,
  computeCycles: 0,
  stallCycles: 0,
  scalerCycles: 0,
  setupCycles: 0,
  drainCycles: 0,
  flashBytes: 0,
};

/** Cycles of each layer; their sum is the time from start to done. */
export function predictSmall(plan: SmallPlan): readonly SmallLayerPrediction[] {
  const tiles = plan.layers.flatMap((layer, index) =>
    layer.tiles.map((groups, tile) => ({ layer, index, groups, first: tile === 0 })),
  );
  const layers = plan.layers.map(() => ({ ...noCycles }));
  const finished: number[] = [];
  const rowsBefore: number[] = [0];
  let flash = FLASH_START;
  const reads: { readonly from: number; readonly to: number }[] = [];
  const read = (halves: number): void => {
    reads.push({ from: flash, to: (flash += halves * FLASH_HALF) });
  };
  let engine = 0;
  /** First tile whose weights are not yet known to be free. */
  let oldest = 0;
  tiles.forEach(({ layer, index, groups, first }, tile) => {
    if (first) read(DESCRIPTOR_HALVES);
    if (tile >= SMALL.tilesAhead) flash = Math.max(flash, item(finished, tile - SMALL.tilesAhead));
    read(HEADERS + PARAMETER_HALVES * groups);
    const start = item(rowsBefore, tile);
    const rows = groups * layer.rowsPerGroup;
    for (let row = start; row < start + rows; row += 1) {
      // The row that it overwrites belongs to a tile that has to be finished.
      while ((rowsBefore[oldest + 1] ?? Infinity) <= row - SMALL.weightRows) oldest += 1;
      if (row >= SMALL.weightRows) flash = Math.max(flash, item(finished, oldest));
      read(layer.diagonal ? 2 : 8);
    }
    rowsBefore.push(start + rows);
    const ready = Math.max(engine, flash);
    const runs = groups * layer.result.width * layer.result.height;
    const compute = runs * layer.rowsPerGroup;
    const scaler = (runs - 1) * Math.max(0, SCALER - layer.rowsPerGroup);
    const setup = first ? FETCH : 0;
    const end = ready + setup + compute + scaler + DRAIN;
    const counted = item(layers, index);
    counted.cycles += end - engine;
    counted.computeCycles += compute;
    counted.stallCycles += ready - engine;
    counted.scalerCycles += scaler;
    counted.setupCycles += setup;
    counted.drainCycles += DRAIN;
    engine = end;
    finished.push(end);
  });
  let begin = 0;
  for (const layer of layers) {
    const end = begin + layer.cycles;
    const busy = reads.reduce((sum, { from, to }) => {
      return sum + Math.max(0, Math.min(to, end) - Math.max(from, begin));
    }, 0);
    layer.flashBytes = busy * SMALL_FLASH.bytes;
    begin = end;
  }
  return layers;
}
