/** The cycle model of the small engine: when each tile has come from the flash, and how long it then computes. */
import { SMALL, type SmallPlan } from "./plan.ts";

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

const DESCRIPTOR_HALVES = 33;
/** Biases, multipliers and shifts of a group; their headers. */
const PARAMETER_HALVES = 20;
const HEADERS = 4;

export interface SmallLayerPrediction {
  readonly cycles: number;
  readonly computeCycles: number;
  readonly stallCycles: number;
}

/** Cycles of each layer; their sum is the time from start to done. */
export function predictSmall(plan: SmallPlan): readonly SmallLayerPrediction[] {
  const tiles = plan.layers.flatMap((layer, index) =>
    layer.tiles.map((groups, tile) => ({ layer, index, groups, first: tile === 0 })),
  );
  const layers = plan.layers.map(() => ({ cycles: 0, computeCycles: 0, stallCycles: 0 }));
  const finished: number[] = [];
  const rowsBefore: number[] = [0];
  let flash = FLASH_START;
  let engine = 0;
  /** First tile whose weights are not yet known to be free. */
  let oldest = 0;
  tiles.forEach(({ layer, index, groups, first }, tile) => {
    if (first) flash += DESCRIPTOR_HALVES * FLASH_HALF;
    flash = Math.max(flash, finished[tile - SMALL.tilesAhead] ?? 0);
    flash += (HEADERS + PARAMETER_HALVES * groups) * FLASH_HALF;
    const start = rowsBefore[tile] ?? 0;
    const rows = groups * layer.rowsPerGroup;
    for (let row = start; row < start + rows; row += 1) {
      // The row that it overwrites belongs to a tile that has to be finished.
      while ((rowsBefore[oldest + 1] ?? Infinity) <= row - SMALL.weightRows) oldest += 1;
      if (row >= SMALL.weightRows) flash = Math.max(flash, finished[oldest] ?? 0);
      flash += (layer.diagonal ? 2 : 8) * FLASH_HALF;
    }
    rowsBefore.push(start + rows);
    const ready = Math.max(engine, flash);
    const runs = groups * layer.result.width * layer.result.height;
    const compute = layer.rowsPerGroup + (runs - 1) * Math.max(SCALER, layer.rowsPerGroup);
    const end = ready + (first ? FETCH : 0) + compute + DRAIN;
    const spent = layers[index]!;
    spent.cycles += end - engine;
    spent.computeCycles += runs * layer.rowsPerGroup;
    spent.stallCycles += ready - engine;
    engine = end;
    finished.push(end);
  });
  return layers;
}
