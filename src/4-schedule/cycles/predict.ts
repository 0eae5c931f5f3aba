/** The cycle model: the plan's program run on a model of the machine, row by row and burst by burst. */
import type { Plan } from "../plan.ts";
import { kernel } from "./kernel.ts";
import { type ImageKind, machine, type PhaseCycles } from "./machine.ts";
import { memory, type MemoryTiming } from "./memory.ts";
import { sequencer } from "./sequencer.ts";
import { programLoader, residualReader, rowReader, rowWriter } from "./units.ts";
import { weightLoader } from "./weights.ts";
import { item } from "../../ir/known.ts";

export interface Prediction {
  /** From start to done, one image. */
  readonly cycles: number;
  /** Until the program has arrived. */
  readonly before: number;
  /** By block and phase, as the sequencer's state shows them; the program's arrival and the tail are not in them. */
  readonly phases: readonly (readonly PhaseCycles[])[];
  /**
   * Bytes on the bus by the block that the array was at, whichever block they are for: weights and rows come early, results
   * leave late. The program is the first block's, the tail the last one's.
   */
  readonly movedBytes: readonly number[];
}

/** From the last answer of the memory to the end of the image. */
const DONE_CYCLES = 8;

/** Predicts one image, without refresh, back-pressure or errors of the memory. */
export function predict(plan: Plan, timing: MemoryTiming, image: ImageKind = "first"): Prediction {
  const time = kernel();
  const bus = memory(time, plan.hardware.busBytes, timing);
  const m = machine(plan, image, time, bus);
  const phases = plan.blocks.map((b) =>
    b.phases.map((): PhaseCycles => ({ issue: 0, rows: 0, weights: 0, output: 0, space: 0, setup: 0 })),
  );
  /** Bytes that had moved when the array came to a block. */
  const movedBefore: number[] = [];
  let before = 0;
  let cycles = 0;
  time.start(
    (function* () {
      yield () => m.programLoaded;
      before = time.now();
    })(),
  );
  time.start(programLoader(m));
  // in the order of the arbiter's priorities
  if (plan.hardware.residualDepth > 0) time.start(residualReader(m));
  time.start(rowReader(m));
  time.start(weightLoader(m));
  time.start(
    sequencer(m, (block, phase, reason, n) => {
      movedBefore[block] ??= bus.moved();
      const entry = phases[block]?.[phase];
      if (entry) entry[reason] += n;
    }),
  );
  time.start(rowWriter(m, timing.latency));
  time.start(
    (function* () {
      // the array may still compute rows that a pool at the end leaves out
      yield () => m.writtenBlocks === plan.blocks.length && m.drained;
      yield DONE_CYCLES;
      cycles = time.now();
      bus.close();
    })(),
  );
  time.run();
  const movedBytes = plan.blocks.map(
    (_, block) => (movedBefore[block + 1] ?? bus.moved()) - (block === 0 ? 0 : item(movedBefore, block)),
  );
  return { cycles, before, phases, movedBytes };
}
