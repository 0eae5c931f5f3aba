/** Arrays and buffers that a board may get for a network, and which of them is best. */
import { predict } from "../4-schedule/cycles/predict.ts";
import type { Plan } from "../4-schedule/plan.ts";
import { schedule } from "../4-schedule/schedule.ts";
import type { BufferOptions } from "../4-schedule/size.ts";
import { InputError } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import { known } from "../ir/known.ts";
import { buffersOf, otherBuffers } from "./buffers.ts";
import type { ArraySize } from "./change.ts";
import { filled } from "./fill.ts";
import { fits, usesOf, type Use } from "./fit.ts";
import { busOf, bytesPerCycle } from "./memory.ts";
import { isPacked } from "./parts.ts";
import type { Board } from "./schema.ts";

const sides = [32, 16, 8, 4] as const;

/** Arrays to try, all that `explore` tries, most multipliers first. */
export const arrays: readonly ArraySize[] = sides
  .flatMap((pk) => sides.map((pc) => ({ pk, pc })))
  .sort((a, b) => b.pk * b.pc - a.pk * a.pc);

export interface Candidate {
  readonly array: ArraySize;
  /** Undefined: what network and array ask for. */
  readonly buffers: BufferOptions | undefined;
  readonly plan: Plan;
  readonly uses: readonly Use[];
}

/** A candidate whose cycles are known. */
export interface Rated extends Candidate {
  readonly cycles: number;
}

/**
 * The network on an array of a board, with all that the board's block RAM has room for. Requantisers are shared where that costs next to
 * no cycles, and where it makes the array fit.
 */
export function candidate(
  graph: IntGraph,
  board: Board,
  size: ArraySize,
  buffers?: BufferOptions,
): Candidate {
  const packed = isPacked(board, size);
  const own = filledCandidate(graph, board, { ...size, packed }, buffers);
  if (!packed || own.plan.hardware.sharedRequantisers || fits(own.uses)) return own;
  const shared = filledCandidate(graph, board, { ...size, packed, sharedRequantisers: true }, buffers);
  return fits(shared.uses) ? shared : own;
}

function filledCandidate(
  graph: IntGraph,
  board: Board,
  size: ArraySize,
  buffers: BufferOptions | undefined,
): Candidate {
  const memoryBytes = board.memory === null ? undefined : bytesPerCycle(board);
  // selectors in front of all multipliers take logic that a larger array may need: only for who asks for them
  const array = { ...size, sparse: size.sparse === true };
  const planWith = (chosen: BufferOptions | undefined) =>
    schedule(graph, { ...array, busBytes: busOf(board), memoryBytes, buffers: chosen });
  const chosen =
    board.memory === null
      ? buffers
      : filled(planWith, (plan) => blockRamsOn(plan, board), bytesPerCycle(board), buffers);
  const plan = planWith(chosen);
  return { array, buffers: chosen, plan, uses: usesOf(plan, board) };
}

function blockRamsOn(plan: Plan, board: Board): Use {
  const use = usesOf(plan, board).find(({ resource }) => resource === "block RAMs");
  return known(use, "a board has block RAM");
}

/** Every array that can run the network, whether it fits or not. Throws InputError when none can. */
export function candidates(
  graph: IntGraph,
  board: Board,
  buffers?: BufferOptions,
  sparse?: boolean,
): Candidate[] {
  const errors: InputError[] = [];
  const found = arrays.flatMap((size) => {
    try {
      return [candidate(graph, board, { ...size, sparse }, buffers)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(error);
      return [];
    }
  });
  if (found.length === 0 && errors[0] !== undefined) throw errors[0];
  return found;
}

/** How much of the board's look-up tables a candidate takes by the estimate, as a share; 0 where the board's file has no figure. */
export function lutShare({ uses }: Candidate): number {
  const use = uses.find(({ resource }) => resource === "look-up tables");
  return use === undefined ? 0 : use.needed / use.available;
}

/**
 * Those of the candidates that may be the fastest, the best first: fewest cycles, then fewest look-up tables, DSP blocks, words of
 * buffers. Where the buffers are open, others are tried too, so that nothing that `explore` shows beats the first.
 */
export function rate(
  graph: IntGraph,
  board: Board,
  fitting: readonly Candidate[],
  isOpen: boolean,
): readonly Rated[] {
  const rated: Rated[] = [];
  const best = (): number => Math.min(...rated.map(({ cycles }) => cycles));
  // Most multipliers come first: behind one whose products alone take longer than the best none is faster.
  const mayBeFastest = ({ plan }: Candidate): boolean => graph.macs / plan.multipliers <= best();
  for (const one of fitting) if (mayBeFastest(one)) rated.push({ ...one, cycles: cyclesOf(one.plan, board) });
  if (isOpen)
    for (const { array, plan } of fitting.filter(mayBeFastest))
      for (const buffers of otherBuffers(buffersOf(plan.hardware))) {
        const other = tryCandidate(graph, board, array, buffers);
        if (other) rated.push({ ...other, cycles: cyclesOf(other.plan, board) });
      }
  return rated.sort((a, b) => a.cycles - b.cycles || compare(costs(a), costs(b)));
}

function tryCandidate(
  graph: IntGraph,
  board: Board,
  array: ArraySize,
  buffers: BufferOptions,
): Candidate | null {
  try {
    const one = candidate(graph, board, array, buffers);
    return fits(one.uses) ? one : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function costs({ plan, uses }: Candidate): readonly number[] {
  const needed = (resource: Use["resource"]): number =>
    uses.find((use) => use.resource === resource)?.needed ?? Infinity;
  const { keptWords, lineBytes, mapBytes, weightWords } = buffersOf(plan.hardware);
  return [needed("look-up tables"), needed("DSP blocks"), weightWords, lineBytes, mapBytes, keptWords];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((cost, i) => cost !== b[i]);
  return at < 0 || (a[at] ?? Infinity) < (b[at] ?? Infinity) ? -1 : 1;
}

function cyclesOf(plan: Plan, board: Board): number {
  const bytes = bytesPerCycle(board);
  const latency = board.memory?.latencyCycles.value ?? 1;
  return predict(plan, { bytes, latency, outstanding: 16 }, "next").cycles;
}
