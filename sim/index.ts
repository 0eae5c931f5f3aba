/** Cycle-accurate simulation of a compiled accelerator. */
export { simulate, type SimulationOptions, type SimulationProgress } from "./run.ts";
export { defaultMemory, parseMemoryOptions, type MemoryOptions } from "./memory-options.ts";
export { parseWindow, type WaveformOptions } from "./waveform.ts";
export type { ExpectedMap, OutputLayout, Regions, SimulationJob } from "./job.ts";
export type { Divergence, ImageResult, PhaseCycles, SimulationFailure, SimulationResult } from "./result.ts";
export { buildSimulator } from "./build.ts";
