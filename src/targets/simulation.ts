/** What `simulate` is asked and answers, whichever engine runs: the JSON object of the command. */
import type { Divergence, SimulationProgress, WaveformOptions } from "../../sim/index.ts";
import type { OutputValues } from "../golden/outputs.ts";
import { inputMaps, runNodes, type GoldenResult } from "../golden/run.ts";
import type { Answer } from "../ir/answer.ts";
import type { IntGraph, IntNode, MapId } from "../ir/integer.ts";

export interface SimulationInput {
  /** As the report names it. */
  readonly file: string;
  /** The input map's values, [H, W, C], re-centred int8; those of several inputs one behind the other. */
  readonly values: Int8Array;
}

export interface SimulationRequest {
  /** As the report names the model. */
  readonly model: string;
  readonly inputs: readonly SimulationInput[];
  /** Where the accelerator's `files()` are. */
  readonly folder: string;
  readonly waveform?: WaveformOptions | undefined;
  /** Whether the answer has a trace of what the array does and when. */
  readonly perfetto?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onBuild?: ((done: number, total: number) => void) | undefined;
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined;
}

/** The report, and what each of its inputs gave, in the model's own type, the host's part included. */
export interface Simulated {
  readonly report: SimulationReport;
  readonly logits: readonly (Uint8Array | Int8Array)[];
  /** Every output of the network, in the file's order. */
  readonly outputs: readonly (readonly OutputValues[])[];
  /** Of all inputs, as ui.perfetto.dev opens it; null where it was not asked for. */
  readonly perfetto: string | null;
}

/** What the host makes of the maps that an accelerator hands over. */
export function onHost(
  { graph, hostNodes }: { readonly graph: IntGraph; readonly hostNodes: readonly IntNode[] },
  input: Int8Array,
  handedOver: readonly (readonly [MapId, Int8Array])[],
): GoldenResult {
  return runNodes(graph, hostNodes, new Map([...inputMaps(graph, input), ...handedOver]));
}

export interface SimulationReport {
  readonly model: string;
  /** "none" without one. */
  readonly board: string;
  readonly array: { readonly pk: number; readonly pc: number };
  readonly macs: number;
  readonly multipliers: number;
  /** An input that an earlier failure kept from running is not among them. */
  readonly inputs: readonly InputReport[];
  /** Of the first input. */
  readonly layers: readonly LayerReport[];
  readonly simulation: { readonly buildSeconds: number; readonly cyclesPerSecond: number };
}

export interface InputReport extends Answer {
  readonly file: string;
  readonly bitExact: boolean;
  readonly firstDivergence: FirstDivergence | null;
  /** Why the simulation of this input ended early; null when it did not. */
  readonly failure: string | null;
  readonly cycles: number;
  /** By the cycle model: of the first image, or of one that finds program and kept weights on the chip. */
  readonly predictedCycles: number;
  readonly utilization: number;
  readonly memory: { readonly readBytes: number; readonly writeBytes: number; readonly stallCycles: number };
}

/** Where the hardware first differed from the golden model. */
export interface FirstDivergence {
  readonly layer: string;
  readonly row: number;
  readonly column: number;
  readonly channel: number;
  readonly cycle: number;
  readonly expected: number;
  readonly got: number;
  /** `value`, `unexpected`, `duplicate`, `missing`, `output`: sim/result.ts. */
  readonly kind: Divergence["kind"];
}

/** What a layer took in one image, in cycles. */
export interface LayerCycles {
  /** From the one before it to its own end: all cycles of the image belong to one layer each. */
  readonly cycles: number;
  /** The array took a step. */
  readonly computeCycles: number;
  /** The array waited for rows, weights, output or room for a row. */
  readonly stallCycles: number;
}

export interface LayerReport extends LayerCycles {
  readonly name: string;
  readonly engine: string;
  readonly macs: number;
  readonly predictedCycles: number;
  readonly utilization: number;
}

/** Share of the multipliers' time that multiplied; 0 where no time passed. */
export function utilization(macs: number, multipliers: number, cycles: number): number {
  return cycles === 0 ? 0 : macs / (multipliers * cycles);
}
