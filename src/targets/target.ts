/** What the rest of Firebrick knows of an engine: `compile`, `simulate`, `report`, `explore` and `accuracy` need nothing else. */
import type { ImageKind } from "../4-schedule/cycles/machine.ts";
import type { OutputFiles } from "../../codegen/generate.ts";
import type { MemoryOptions } from "../../sim/index.ts";
import type { BuiltProject, ProjectOptions } from "../../sim/synth/project.ts";
import type { AcceleratorTiming } from "../../sim/synth/timing/time.ts";
import type { MemoryTiming } from "../4-schedule/cycles/memory.ts";
import type { Plan } from "../4-schedule/plan.ts";
import type { BufferOptions } from "../4-schedule/size.ts";
import type { Board } from "../boards/schema.ts";
import type { ArraySize } from "../boards/change.ts";
import type { Point } from "../explore/explore.ts";
import type { InputError } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import type { ModelReport, ReportInput, ResourceUse } from "../report/model-report.ts";
import type { Simulated, SimulationRequest } from "./simulation.ts";

/** What an accelerator shall be; the board decides what is left out, or the defaults do. */
export interface HardwareRequest {
  readonly array?: ArraySize | undefined;
  readonly memory?: MemoryOptions | undefined;
  readonly board?: Board | undefined;
  readonly buffers?: BufferOptions | undefined;
  /** Percent of the board's look-up tables that an array which the board chooses may take by the estimate; 85 without. */
  readonly fill?: number | undefined;
  /** Whether zeros among weights take no cycles; without it where that saves much and no board is asked for. */
  readonly sparse?: boolean | undefined;
}

/** What a report is of. */
export interface ReportRequest {
  /** As the report names the model. */
  readonly model: string;
  /** MHz; the board's or 100 without. */
  readonly clockMHz?: number | undefined;
  /** The image that is predicted; the first without it. An engine that keeps nothing from image to image has one kind. */
  readonly images?: ImageKind | undefined;
  /** What the golden model makes of an input; null without one. */
  readonly input: ReportInput | null;
}

/** What is tried. */
export interface ExploreRequest {
  readonly board: Board | null;
  /** Memories to try; none: the board's, or several. */
  readonly memories: readonly MemoryOptions[];
  /** Called before each configuration; a rejection ends the exploration. */
  readonly onStep: (done: number, total: number) => Promise<void>;
  /** Told each accelerator that can run the network, as soon as it is evaluated. */
  readonly onPoint: (point: Point) => void;
}

/** A network planned for an engine. */
export interface Accelerator {
  readonly engine: Target["name"];
  readonly graph: IntGraph;
  readonly board: Board | null;
  /** Of the board, or 100. */
  readonly clockMHz: number;
  readonly array: ArraySize;
  /** Of the AXI data bus; null where there is none. */
  readonly busBytes: 8 | 16 | null;
  readonly multipliers: number;
  /** What the sequencer runs one after the other. */
  readonly blocks: number;
  /** Of the memory outside the chip, by what they hold. */
  readonly regionBytes: Plan["regionBytes"];
  /** Why it looks so, a sentence a decision; empty without a board. */
  readonly reasons: readonly string[];
  /** Estimates against the board; empty without one. */
  readonly resources: readonly ResourceUse[];
  /** `does-not-fit`; null when everything fits. */
  readonly refusal: InputError | null;
  /** Cycles of each layer for one image, by the cycle model. */
  predict(): readonly number[];
  /** Verilog, memory image, listings, manifest, and the board's project. Same network and request, same bytes. */
  files(): OutputFiles;
  /**
   * The same with the data of the testbench: what `compile` writes. `picture`: the input maps' values, [H, W, C], re-centred int8, one
   * behind the other; a fixed one of pseudo-random values without.
   */
  project(picture?: Int8Array): OutputFiles;
  report(request: ReportRequest): ModelReport;
  /** Throws MissingToolError without Yosys (and nextpnr for boards whose bitstream it makes), ToolError, or the signal's reason. */
  synthesise(options: ProjectOptions): Promise<Synthesised>;
  /** The slowest paths by static analysis; null for a family that it does not serve, or where nextpnr tells them. Throws as `synthesise`. */
  time(options: ProjectOptions): Promise<AcceleratorTiming | null>;
  /** Builds the simulator of `files()` in `folder`, unless there is one. Returns seconds. Throws as `simulate`. */
  build(request: Pick<SimulationRequest, "folder" | "onBuild" | "signal">): Promise<number>;
  /**
   * Runs the inputs on the Verilog one after the other and compares every layer with the golden model. Hardware that computes
   * wrongly or hangs is a result. Throws InputError (waveform), MissingToolError, ToolError, or the signal's reason.
   */
  simulate(request: SimulationRequest): Promise<Simulated>;
}

/** What Yosys counts; what nextpnr places, for boards whose bitstream it makes. */
export interface Synthesised {
  readonly synthesis: BuiltProject["synthesis"];
  readonly placement: BuiltProject["placement"] | null;
}

/** One engine. */
export interface Target {
  readonly name: "array" | "small";
  /** Throws InputError with every operator that the engine cannot run, and with what was asked that it does not have. */
  plan(graph: IntGraph, request: HardwareRequest): Accelerator;
}

/** MHz, without a board. */
export const DEFAULT_CLOCK = 100;

/** What the cycle model reads of a memory. */
export function timingOf({ bytes, latency, outstanding }: MemoryOptions): MemoryTiming {
  return { bytes, latency, outstanding };
}

/** Width of the AXI data bus that carries so many bytes a cycle. */
export function busBytesFor(memory: MemoryOptions): 8 | 16 {
  return memory.bytes > 8 ? 16 : 8;
}

/** The engine of a board; without one the array. */
export function engineOfBoard(board: Board | null | undefined): Target["name"] {
  return board?.smallEngine === undefined ? "array" : "small";
}
