/** Whether expand, depthwise and project (an inverted residual; Sandler et al. 2018, section 3.3) share a block, by cost. */
import { recordBytes } from "../format/group-record.ts";
import { assert } from "../ir/errors.ts";
import type { PhaseShape } from "./draft.ts";
import { type ArrayOptions, ceilDiv, memoryPitch, turns, weightSize, windowCycles } from "./size.ts";
import { type BlockSize, ringWords, sizeBlock, tripleFits } from "./strips.ts";

/**
 * True when the maps between the three phases fit the line buffers and one block takes no longer than two: it saves
 * the expanded map's way to memory and back, and pays with weights that come once more a strip.
 */
export function oneBlock(phases: readonly PhaseShape[], o: ArrayOptions): boolean {
  const size = sizeBlock({ phases, pool: null }, ringWords(o), o);
  if (!tripleFits(phases, size, o)) return false;
  return blockCycles(phases, o) <= blockCycles(phases.slice(0, 1), o) + blockCycles(phases.slice(1), o);
}

/** Cycles of a block whose computing hides its memory, or the other way round, strip by strip. */
function blockCycles(phases: readonly PhaseShape[], o: ArrayOptions): number {
  const size = sizeBlock({ phases, pool: null }, ringWords(o), o);
  const first = phases[0];
  const last = phases.at(-1);
  const rows = size.strips.at(-1)?.rows;
  assert(first && last && rows, "a block has phases");
  const sizes = phases.map((p, i) => weightSize(p, o, i === phases.length - 1));
  const weights = sizes.reduce((n, s) => n + s.records * recordBytes(o, 0) + s.words * o.pk * o.pc, 0);
  const maps =
    first.inputRows * first.inputWidth * memoryPitch(first.inputChannels, false, o) +
    last.outputRows * last.outputWidth * memoryPitch(last.outputChannels, false, o);
  const weightLoads = size.streamed ? ceilDiv(last.outputRows, rows) : 1;
  let hidden = 0;
  for (let strip = 0; strip < weightLoads; strip++) {
    const cycles = phases.map((p, i) => {
      const rows = weightLoads === 1 ? p.outputRows : rowsOf(p, size, i, strip);
      return rows * rowCycles(p, o, p === last);
    });
    hidden += Math.max(
      cycles.reduce((a, b) => a + b),
      weights / o.busBytes,
    );
  }
  return Math.max(hidden, (weightLoads * weights + maps) / o.busBytes);
}

/** Rows of a phase in a strip, counted from 0. */
function rowsOf(phase: PhaseShape, size: BlockSize, index: number, strip: number): number {
  const { rows, haloRows } = size.strips[index] ?? { rows: 0, haloRows: 0 };
  const end = (n: number) => Math.min(phase.outputRows, n * rows + (n > 0 ? haloRows : 0));
  return end(strip + 1) - end(strip);
}

/** Cycles of the array for a row of results. */
function rowCycles(phase: PhaseShape, o: ArrayOptions, toMemory: boolean): number {
  const { groups, words } = weightSize(phase, o, toMemory);
  switch (phase.kind) {
    case "conv":
      return phase.outputWidth * words;
    case "depthwise":
      return (
        phase.outputWidth *
        groups *
        Math.max(windowCycles(phase.kernel[0], phase.window, o), phase.stride[1] / phase.columns)
      );
    case "serial":
      return phase.outputWidth * groups * phase.kernel[0] * phase.kernel[1] * turns(o);
    case "pack":
      return 0;
  }
}
