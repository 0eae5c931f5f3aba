/** Tries accelerators for a network: cycle model and resource estimate of each, and the Pareto front. */
import type { MemoryTiming } from "../4-schedule/cycles/memory.ts";
import { predict } from "../4-schedule/cycles/predict.ts";
import type { Plan } from "../4-schedule/plan.ts";
import { schedule } from "../4-schedule/schedule.ts";
import type { BufferOptions } from "../4-schedule/size.ts";
import { buffersOf, otherBuffers } from "../boards/buffers.ts";
import { candidate } from "../boards/candidates.ts";
import { fits, usesOf } from "../boards/fit.ts";
import type { Board } from "../boards/schema.ts";
import { InputError } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import { onChipBytes } from "../report/on-chip.ts";
import { estimateBy, readCoefficients } from "../resources/estimate.ts";
import { familyOf, type Resources } from "../resources/family.ts";
import { paretoFront } from "./pareto.ts";

/** One accelerator to try. */
export interface Configuration {
  readonly array: { readonly pk: number; readonly pc: number };
  readonly busBytes: 8 | 16;
  readonly memory: MemoryTiming;
  /** null: what network and array suggest. */
  readonly buffers: Required<BufferOptions> | null;
}

/** What cycle model and estimate say of it. */
export interface Point extends Omit<Configuration, "busBytes"> {
  /** null for a small engine, which has no bus. */
  readonly busBytes: 8 | 16 | null;
  readonly cycles: number;
  readonly framesPerSecond: number;
  readonly utilization: number;
  readonly multipliers: number;
  /** Words of the weight ring, bytes of line buffer 1, bytes of maps and words of weights on the chip, as the accelerator has them. */
  readonly weightWords: number;
  readonly lineBytes: number;
  readonly mapBytes: number;
  readonly keptWords: number;
  /** Estimates on the board's device, a 7 series one without a board: look-up tables and DSP blocks; bits of on-chip memory. */
  readonly luts: number;
  readonly dsps: number;
  readonly ramBits: number;
  /** Whether it fits the board; true without one. */
  readonly fits: boolean;
}

/** A point of the array. */
interface ArrayPoint extends Point {
  readonly busBytes: 8 | 16;
}

/** A configuration that the network cannot have, and why. */
export interface Refused extends Configuration {
  readonly why: string;
}

export interface Exploration {
  /** Accelerators that differ. */
  readonly configurations: number;
  /** In the order in which they were tried. */
  readonly points: readonly Point[];
  readonly refused: readonly Refused[];
  /** Of those that fit: most frames per second first. */
  readonly front: readonly Point[];
}

export interface ExploreOptions {
  readonly configurations: readonly Configuration[];
  readonly clockMHz: number;
  readonly board: Board | null;
  /** Called before each configuration; a rejection ends the exploration. */
  readonly onStep: (done: number, total: number) => Promise<void>;
  /** Told each point as soon as it is evaluated. */
  readonly onPoint: (point: Point) => void;
}

/** What most boards hold and is evaluated quickly comes first. */
const sides = [16, 8, 32, 4] as const;
/** Bytes a cycle of the memory behind each bus. */
const bandwidths = [
  { busBytes: 8, bytes: [2, 4, 8] },
  { busBytes: 16, bytes: [16] },
] as const;

/** All arrays with each bus and memory. */
export function allConfigurations(latency: number): readonly Configuration[] {
  return bandwidths.flatMap(({ busBytes, bytes }) =>
    bytes.flatMap((each) => arraysWith(busBytes, { bytes: each, latency, outstanding: 16 })),
  );
}

/** All arrays with one bus and memory. */
export function arraysWith(busBytes: 8 | 16, memory: MemoryTiming): readonly Configuration[] {
  return sides.flatMap((pk) => sides.map((pc) => ({ array: { pk, pc }, busBytes, memory, buffers: null })));
}

/**
 * Evaluates every configuration, then smaller and larger buffers for those on the front.
 * Throws InputError when no configuration can run the network.
 */
export async function explore(graph: IntGraph, options: ExploreOptions): Promise<Exploration> {
  const { board, onStep } = options;
  const coefficients = readCoefficients();
  const family = board === null ? "xc7" : familyOf(board);
  const estimate = (plan: Plan) => estimateBy(coefficients, plan, family).total;
  const points: ArrayPoint[] = [];
  const refused: Refused[] = [];
  const plans = new Map<string, Plan | InputError>();
  /** Same hardware, same memory: the same accelerator, however it came about. */
  const seen = new Set<string>();
  const errors: InputError[] = [];
  let tried = 0;
  await evaluateAll(options.configurations);
  const error = errors.at(-1);
  if (points.length === 0 && error !== undefined) throw error;
  await evaluateAll(frontOf(points).flatMap(withOtherBuffers));
  return { configurations: points.length + refused.length, points, refused, front: frontOf(points) };

  async function evaluateAll(configurations: readonly Configuration[]): Promise<void> {
    const total = tried + configurations.length;
    for (const configuration of configurations) {
      await onStep(tried, total);
      tried++;
      const { array, buffers, busBytes, memory } = configuration;
      const key = JSON.stringify([array, busBytes, buffers]);
      const plan = plans.get(key) ?? tryPlan(graph, configuration, board);
      plans.set(key, plan);
      if (plan instanceof InputError) {
        errors.push(plan);
        refused.push({ ...configuration, why: plan.message });
        continue;
      }
      const hardware = JSON.stringify([plan.hardware, memory]);
      if (seen.has(hardware)) continue;
      seen.add(hardware);
      const point = pointOf(configuration, plan, options, estimate);
      points.push(point);
      options.onPoint(point);
    }
  }
}

function pointOf(
  configuration: Configuration,
  plan: Plan,
  { board, clockMHz }: Pick<ExploreOptions, "board" | "clockMHz">,
  estimate: (plan: Plan) => Resources,
): ArrayPoint {
  const { hardware, graph, multipliers } = plan;
  const { cycles } = predict(plan, configuration.memory, "next");
  const total = estimate(plan);
  return {
    ...configuration,
    cycles,
    framesPerSecond: (clockMHz * 1e6) / cycles,
    utilization: graph.macs / (multipliers * cycles),
    multipliers,
    ...buffersOf(hardware),
    luts: total.lut,
    dsps: total.dsp,
    ramBits: 8 * Object.values(onChipBytes(plan)).reduce((sum, bytes) => sum + bytes, 0),
    fits: board === null || fits(usesOf(plan, board, total)),
  };
}

function withOtherBuffers({ array, busBytes, memory, ...own }: ArrayPoint): Configuration[] {
  return otherBuffers(own).map((buffers) => ({ array, busBytes, memory, buffers }));
}

function tryPlan(graph: IntGraph, configuration: Configuration, board: Board | null): Plan | InputError {
  const { array, buffers, busBytes, memory } = configuration;
  try {
    return board === null
      ? schedule(graph, { ...array, busBytes, memoryBytes: memory.bytes, buffers: buffers ?? undefined })
      : candidate(graph, board, array, buffers ?? undefined).plan;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** Cycles, look-up tables, DSP blocks, on-chip memory and bandwidth: less of each is better. */
export function frontOf<P extends Point>(points: readonly P[]): readonly P[] {
  const fitting = points.filter((point) => point.fits);
  return paretoFront(fitting, ({ cycles, dsps, luts, memory, ramBits }) => [
    cycles,
    luts,
    dsps,
    ramBits,
    memory.bytes,
  ]).sort((a, b) => a.cycles - b.cycles || a.dsps - b.dsps || a.ramBits - b.ramBits);
}
