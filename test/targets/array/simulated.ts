/** Results of a simulation that nobody ran. */
import type { ImageResult, PhaseCycles } from "../../../sim/index.ts";

export function phaseCycles(
  block: number,
  phase: number,
  first: number,
  cycles: Partial<PhaseCycles>,
): PhaseCycles {
  const none = { issue: 0, rows: 0, weights: 0, output: 0, space: 0, setup: 0 };
  return { block, phase, first, last: first, ...none, ...cycles };
}

export function image(fields: Partial<ImageResult>): ImageResult {
  return {
    cycles: 100,
    startCycle: 0,
    divergence: null,
    mismatches: 0,
    readBytes: 64,
    writeBytes: 32,
    readBursts: 1,
    writeBursts: 1,
    outsideReads: 0,
    outsideWrites: 0,
    errorRegister: 0,
    errorPlace: 0,
    errorAddress: 0,
    counters: [100, 60, 5, 6, 7, 22],
    results: [],
    phases: [phaseCycles(0, 0, 10, { issue: 60, rows: 5 })],
    idleCycles: 35,
    failure: null,
    outputs: [new Int8Array(30)],
    ...fields,
  };
}
