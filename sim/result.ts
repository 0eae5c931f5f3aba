import { z } from "zod";
import type { ImageEvents } from "./events.ts";

const count = z.number().int().nonnegative();

/**
 * The first result that differed, by cycle. `value`: wrong; `unexpected`: belongs to no expected map; `duplicate`;
 * `missing`: never came; `output`: wrong in the output region.
 */
export const divergenceSchema = z.object({
  kind: z.enum(["value", "unexpected", "duplicate", "missing", "output"]),
  block: count,
  phase: count,
  y: count,
  x: count,
  channel: count,
  /** Of the image. */
  cycle: count,
  expected: z.number().int(),
  got: z.number().int(),
});
export type Divergence = z.infer<typeof divergenceSchema>;

/** `timeout`: hung; `protocol`: broke a bus rule; `address`: outside its regions; `stop`: ran into $stop. */
export const failureSchema = z.object({
  kind: z.enum(["timeout", "protocol", "address", "stop", "job"]),
  message: z.string(),
});
export type SimulationFailure = z.infer<typeof failureSchema>;

/** Cycles of one phase of one block by what the sequencer did: observation port `state_reason`. */
const phaseSchema = z
  .object({
    block: count,
    phase: count,
    first: count,
    last: count,
    cycles: z.tuple([count, count, count, count, count, count]),
  })
  .transform(({ cycles: [issue, rows, weights, output, space, setup], ...place }) => ({
    ...place,
    issue,
    rows,
    weights,
    output,
    space,
    setup,
  }));
export type PhaseCycles = z.infer<typeof phaseSchema>;

const imageSchema = z.object({
  /** From the accepted start to the interrupt. */
  cycles: count,
  /** Of the whole simulation; waveforms show it as time 10 * cycle. */
  startCycle: count,
  divergence: divergenceSchema.nullable(),
  /** Values, and results too many or too few. */
  mismatches: count,
  readBytes: count,
  writeBytes: count,
  readBursts: count,
  writeBursts: count,
  /** Bursts outside the regions, where the job lets them be: see stress.ts. */
  outsideReads: count,
  outsideWrites: count,
  /** The error register after the image. */
  errorRegister: count,
  /** The registers of the first error on the bus; without one they say nothing. */
  errorPlace: count,
  errorAddress: count,
  /** The counters of src/format/registers.ts: cycles, steps, waits for rows, weights, output, other. */
  counters: z.tuple([count, count, count, count, count, count]),
  /** Groups of results per phase. */
  results: z.array(z.object({ block: count, phase: count, expected: count, seen: count })),
  phases: z.array(phaseSchema),
  idleCycles: count,
  failure: failureSchema.nullable(),
});

/** What the harness prints. */
export const harnessSchema = z.object({ cycles: count, seconds: z.number(), images: z.array(imageSchema) });

export interface ImageResult extends z.infer<typeof imageSchema> {
  /** Each map for the host, [rows][width][channels]. */
  readonly outputs: readonly Int8Array[];
  /** Where the job asked for them. */
  readonly events?: ImageEvents;
}

export interface SimulationResult {
  readonly buildSeconds: number;
  /** The verilated program was there already. */
  readonly buildCached: boolean;
  /** All cycles, with reset and register accesses. */
  readonly cycles: number;
  readonly seconds: number;
  readonly cyclesPerSecond: number;
  /** In the order of the inputs; ends with the first one that failed. */
  readonly images: readonly ImageResult[];
}
