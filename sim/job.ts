import { resolve } from "node:path";
import type { MemoryOptions } from "./memory-options.ts";
import { stressLines, type Stress } from "./stress.ts";
import type { WaveformOptions } from "./waveform.ts";

/** What one phase of one block must compute. */
export interface ExpectedMap {
  readonly block: number;
  readonly phase: number;
  readonly rows: number;
  readonly width: number;
  /** Real channels; lanes beyond them are not looked at. */
  readonly channels: number;
  /** [rows][width][channels] */
  readonly values: Int8Array;
}

/** Where a map for the host lies in the output region, in bytes, and the block that writes it. */
export interface OutputLayout {
  readonly block: number;
  readonly offset: number;
  readonly rows: number;
  readonly width: number;
  readonly channels: number;
  readonly rowPitch: number;
  readonly pixelPitch: number;
}

/** Contents and sizes of the four memory regions of docs/hardware.md. */
export interface Regions {
  readonly model: Uint8Array;
  /** One a run; they run one after another without a reset. */
  readonly inputs: readonly Uint8Array[];
  readonly outputBytes: number;
  readonly workspaceBytes: number;
}

export interface SimulationJob {
  /** What `compile` wrote: `files.f` and the Verilog, whose top module is `top`. */
  readonly compiledDir: string;
  readonly pk: number;
  readonly busBytes: number;
  readonly regions: Regions;
  /** Per input, every result that must come; an input without any is run and not compared. */
  readonly expected?: readonly (readonly ExpectedMap[])[];
  /** Per input, each map for the host, [rows][width][channels]. */
  readonly expectedOutputs?: readonly (readonly Int8Array[])[];
  readonly outputs: readonly OutputLayout[];
  readonly memory: MemoryOptions;
  readonly waveform?: WaveformOptions;
  /** Records what the sequencer does and when. */
  readonly events?: boolean;
  /** Cycles that an image is thought to take; only for the time left. */
  readonly predictedCycles?: number;
  /** An image that takes longer has failed. */
  readonly maxCycles?: number;
  /** Cycles without a result or a memory beat after which the hardware counts as hung; default 1,000,000. */
  readonly stallLimit?: number;
  /** Resets the hardware in this cycle of the first image, which then starts again. */
  readonly resetAt?: number;
  /** Stops the first image in this cycle through its register, and starts it again; memory goes on meanwhile. */
  readonly stopAt?: number;
  /** Faults, and a memory and a host that behave as badly as their protocols allow. */
  readonly stress?: Stress;
  /** Base of the model region, instead of one that is aligned. */
  readonly modelBase?: number;
}

/** The harness's job file: one `key values...` a line. File names are those of `writeJob`. */
export function jobText(job: SimulationJob): string {
  const { memory, outputs, regions, stress, waveform } = job;
  const { random } = memory;
  const lines = [
    "model model.bin",
    ...regions.inputs.map((_, i) => `image input-${i}.bin${hasGolden(job, i) ? ` golden-${i}.bin` : ""}`),
    `output_bytes ${regions.outputBytes}`,
    `workspace_bytes ${regions.workspaceBytes}`,
    ...outputs.map(
      ({ block, channels, offset, pixelPitch, rowPitch, rows, width }) =>
        `output_map ${[block, offset, rows, width, channels, rowPitch, pixelPitch].join(" ")}`,
    ),
    `bytes ${memory.bytes}`,
    `latency ${memory.latency}`,
    `outstanding ${memory.outstanding}`,
    `held ${(stress?.held ?? [random, random, random, random, random]).join(" ")}`,
    `seed ${memory.seed}`,
  ];
  if (memory.refresh) lines.push(`refresh ${memory.refresh.period} ${memory.refresh.length}`);
  if (memory.slave) lines.push(`slave ${memory.slave}`);
  if (memory.error) {
    const { beat, burst, data, direction } = memory.error;
    lines.push(`error_${direction} ${burst}`);
    if (data) lines.push(`error_data ${data}`);
    if (beat !== undefined) lines.push(`error_beat ${beat}`);
  }
  if (stress) lines.push(...stressLines(stress));
  if (job.maxCycles !== undefined) lines.push(`max_cycles ${job.maxCycles}`);
  if (job.stallLimit !== undefined) lines.push(`stall_limit ${job.stallLimit}`);
  if (job.resetAt !== undefined) lines.push(`reset_at ${job.resetAt}`);
  if (job.stopAt !== undefined) lines.push(`stop_at ${job.stopAt}`);
  if (job.modelBase !== undefined) lines.push(`model_base ${job.modelBase}`);
  if (job.events === true) lines.push("events 1");
  if (waveform) {
    lines.push(`trace ${resolve(waveform.file)}`);
    if (waveform.window) {
      lines.push(`trace_window ${waveform.image ?? 0} ${waveform.window.from} ${waveform.window.to}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Whether input `index` is compared with anything. */
export function hasGolden(job: SimulationJob, index: number): boolean {
  return job.expected?.[index] !== undefined || job.expectedOutputs?.[index] !== undefined;
}
