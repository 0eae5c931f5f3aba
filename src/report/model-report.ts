/** Everything that `report` knows of a network on an accelerator, whichever engine: the JSON object of the command. */
import type { ImageKind } from "../4-schedule/cycles/machine.ts";
import type { MemoryTiming } from "../4-schedule/cycles/memory.ts";
import type { HostPart } from "../4-schedule/host.ts";
import type { Plan } from "../4-schedule/plan.ts";
import type { Answer } from "../ir/answer.ts";
import type { MapId } from "../ir/integer.ts";
import type { Histogram } from "./histogram.ts";
import type { Limit } from "./limits.ts";
import type { MemoryEntry } from "./memory-map.ts";
import type { QuantisationRow } from "./quantisation.ts";
import type { Split } from "./split.ts";
import type { StoredWeights } from "./stored-weights.ts";
import type { Traffic } from "./traffic.ts";
import type { WaterfallStep } from "./waterfall.ts";

export interface LayerRow {
  readonly name: string;
  readonly engine: string;
  readonly block: number;
  readonly macs: number;
  readonly cycles: number;
  /** Of the network's cycles, 0 to 1. */
  readonly share: number;
  readonly utilization: number;
  readonly split: Split;
  readonly traffic: Traffic;
  readonly limit: Limit;
}

export interface BlockRow {
  readonly name: string;
  readonly layers: readonly string[];
  /** Block that writes the source; null for the image and a constant. */
  readonly producer: number | null;
  /** The same for the second map that the block reads, null without one too. */
  readonly residual: number | null;
  /** The names of those that are constants. */
  readonly constants: { readonly source: string | null; readonly residual: string | null };
  readonly adds: boolean;
  readonly pools: boolean;
  readonly streamed: boolean;
  readonly weightLoads: number;
  /** Rows, columns, channels. */
  readonly input: readonly [number, number, number];
  readonly output: readonly [number, number, number];
  readonly macs: number;
  readonly cycles: number;
  /** On the bus during these cycles, of other blocks too: their weights and rows come early, their results leave late. */
  readonly movedBytes: number;
  /** Multiply-accumulates a byte moved; 0 where nothing moves. */
  readonly intensity: number;
  /** Billion multiply-accumulates a second at the report's clock. */
  readonly gigaMacs: number;
}

/** What a resource of a board needs and has. */
export interface ResourceUse {
  readonly resource: string;
  readonly needed: number;
  readonly available: number;
}

/** What the golden model makes of an input. */
export interface ReportInput extends Answer {
  readonly file: string;
  readonly maps: ReadonlyMap<MapId, Int8Array>;
}

export interface ReportOptions {
  readonly model: string;
  /** "none" without one. */
  readonly board: string;
  readonly clockMHz: number;
  /** The image that is predicted: the first, or one that finds program and kept weights on the chip. */
  readonly images: ImageKind;
  readonly memory: MemoryTiming;
  /** Estimates against the board; empty without one. */
  readonly resources: readonly ResourceUse[];
  /** DSP blocks by estimate; null without a board. */
  readonly dsps: number | null;
  readonly input: ReportInput | null;
}

export interface ModelReport extends Omit<ReportOptions, "memory" | "input"> {
  readonly network: string;
  readonly array: { readonly pk: number; readonly pc: number };
  /** null for a small engine, which has no bus. */
  readonly busBytes: number | null;
  /** Bytes a cycle, cycles; a small engine's is the flash, which reads on from one address. */
  readonly memory: {
    readonly kind: "memory" | "flash";
    readonly bytes: number;
    readonly latency: number;
    readonly outstanding: number;
  };
  readonly macs: number;
  readonly parameters: number;
  readonly multipliers: number;
  readonly macsPerMultiplier: number;
  readonly macsPerDsp: number | null;
  /** Of one image, by the cycle model. */
  readonly cycles: number;
  readonly utilization: number;
  readonly milliseconds: number;
  readonly framesPerSecond: number;
  /** Billion multiply-accumulates a second: reached, of the array, and of the memory at the network's intensity. */
  readonly gigaMacs: { readonly reached: number; readonly array: number };
  readonly split: Split;
  /** From the cycles that the array's peak allows to those that it takes. */
  readonly waterfall: readonly WaterfallStep[];
  readonly traffic: Traffic & {
    readonly readBytes: number;
    readonly writeBytes: number;
    readonly bytesPerCycle: number;
    readonly megabytesPerSecond: number;
  };
  /** Bytes of all weights in memory; null for a small engine, which has its own format. */
  readonly storedWeights: StoredWeights | null;
  readonly limit: string;
  /** What the host computes behind the accelerator, in order. */
  readonly host: readonly HostPart[];
  readonly layers: readonly LayerRow[];
  readonly blocks: readonly BlockRow[];
  readonly memoryMap: readonly MemoryEntry[];
  readonly regionBytes: Plan["regionBytes"];
  /** By memory. */
  readonly onChipBytes: Readonly<Record<string, number>>;
  readonly weightHistograms: readonly Histogram[];
  /** Whether it fits, in a sentence; null without a board. */
  readonly fit: string | null;
  readonly quantisation: readonly QuantisationRow[];
  /** Of `input`; empty without one. */
  readonly activationHistograms: readonly Histogram[];
  readonly input: Omit<ReportInput, "maps"> | null;
}
