/** What `--board` stands for: array, bus and memory model of a network on a board, and why. */
import { predict } from "../4-schedule/cycles/predict.ts";
import type { Plan } from "../4-schedule/plan.ts";
import { schedule } from "../4-schedule/schedule.ts";
import type { BufferOptions } from "../4-schedule/size.ts";
import { InputError, assert } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import { changeThatFits, type ArraySize } from "./change.ts";
import { bindingOf, fits, usesOf, type Use } from "./fit.ts";
import { knownBoards } from "./load.ts";
import { busOf, bytesPerCycle, memoryText } from "./memory.ts";
import { uncounted } from "../resources/estimate.ts";
import { estimateFor } from "./resources.ts";
import { isPacked } from "./parts.ts";
import type { Board } from "./schema.ts";

export interface Choice {
  readonly board: Board;
  readonly array: ArraySize;
  readonly busBytes: 8 | 16;
  /** As `--memory` takes it. */
  readonly memory: string;
  readonly uses: readonly Use[];
  /** One sentence a decision. */
  readonly reasons: readonly string[];
}

const sides = [32, 16, 8, 4] as const;

/** Arrays to try, all that `explore` tries, most multipliers first. */
const arrays: readonly ArraySize[] = sides
  .flatMap((pk) => sides.map((pc) => ({ pk, pc })))
  .sort((a, b) => b.pk * b.pc - a.pk * a.pc);

interface Candidate {
  readonly array: ArraySize;
  readonly plan: Plan;
  readonly uses: readonly Use[];
}

/** A choice, and why the board cannot hold even that. */
export interface Weighed {
  readonly choice: Choice;
  /** InputError `does-not-fit`; null when everything fits. */
  readonly refusal: InputError | null;
}

/** `array`: what the user insists on; null lets the board decide: the best that fits, or the smallest that it tried where none does. */
export function weighFor(
  graph: IntGraph,
  board: Board,
  array: ArraySize | null,
  buffers?: BufferOptions,
): Weighed {
  const { best, last, larger } = tryArrays(graph, board, array, buffers);
  const refusal = best === null ? doesNotFit(graph, board, last, array, buffers) : null;
  const { plan, uses, array: size } = best ?? last;
  const { packed, pk, pc } = size;
  const bus = busOf(board);
  const { activations, hardware } = plan;
  const kernels = uncounted(activations);
  const choice = {
    board,
    array: size,
    busBytes: bus,
    memory: memoryText(board),
    uses,
    reasons: [
      array !== null
        ? `array ${pk}x${pc}: as --array says`
        : best === null
          ? `array ${pk}x${pc}: the smallest, which does not fit either`
          : `array ${pk}x${pc}: the fewest predicted cycles of those that fit${larger}`,
      packed
        ? "two products a DSP block, which lanes 2i and 2i + 1 of the array share"
        : "one product a DSP block",
      ...(hardware.sharedRequantisers
        ? ["a requantiser for two lanes, which takes their results in turn"]
        : []),
      ...kernels.map((spec) => `${spec} is not counted: \`report --synth\` counts it`),
      `buffers: a weight ring of ${hardware.weightDepth} words, line buffers of ${hardware.lineBuffers.map(({ banks, depth }) => banks * depth).join(", ")} words: ${buffers === undefined ? "what network and array ask for" : "at least what --buffers says"}`,
      `${8 * bus}-bit bus: the port between accelerator and memory is ${board.memory?.portBits.value ?? 0} bits wide`,
      `${bytesPerCycle(board)} bytes a cycle: what the ${board.memory?.kind ?? "missing"} memory moves at ${board.clock.target} MHz, at most the bus`,
    ],
  };
  return { choice, refusal };
}

/**
 * Of the candidates that fit the fastest, of equally fast ones the one of fewest look-up tables: nothing beats it in both.
 * Beside it the smallest that was tried, and why none of the next larger arrays is it.
 */
function tryArrays(graph: IntGraph, board: Board, array: ArraySize | null, buffers?: BufferOptions) {
  const tried =
    array === null ? candidates(graph, board, buffers) : [candidate(graph, board, array, buffers)];
  const last = tried.at(-1);
  assert(last, "at least one array was tried");
  let best: { readonly one: Candidate; readonly cycles: number } | null = null;
  for (const one of tried) {
    // Most multipliers come first: behind this one none can be faster.
    if (best !== null && graph.macs / one.plan.multipliers > best.cycles) break;
    if (!fits(one.uses)) continue;
    const cycles = cyclesOf(one.plan, board);
    const isBetter =
      best === null || cycles < best.cycles || (cycles === best.cycles && lutsOf(one) < lutsOf(best.one));
    if (isBetter) best = { one, cycles };
  }
  if (best === null) return { best: null, last, larger: "" };
  const { multipliers } = best.one.plan;
  const short = tried.findLast(({ plan, uses }) => plan.multipliers > multipliers && !fits(uses));
  return { best: best.one, last, larger: short === undefined ? "" : wouldNeed(short) };
}

/** Every array that can run the network, whether it fits or not. Throws InputError when none can. */
function candidates(graph: IntGraph, board: Board, buffers?: BufferOptions): Candidate[] {
  const errors: InputError[] = [];
  const found = arrays.flatMap((size) => {
    try {
      return [candidate(graph, board, size, buffers)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(error);
      return [];
    }
  });
  if (found.length === 0 && errors[0] !== undefined) throw errors[0];
  return found;
}

function lutsOf({ uses }: Candidate): number {
  return uses.find(({ resource }) => resource === "look-up tables")?.needed ?? 0;
}

function wouldNeed({ array, uses }: Candidate): string {
  const use = bindingOf(uses);
  return use ? `; ${array.pk}x${array.pc} would need ${use.needed} of ${use.available} ${use.resource}` : "";
}

/** Requantisers are shared where that costs next to no cycles, and where it makes the array fit. */
function candidate(graph: IntGraph, board: Board, size: ArraySize, buffers?: BufferOptions): Candidate {
  const packed = isPacked(board, size);
  const planned = (array: ArraySize): Candidate => {
    const plan = schedule(graph, { ...array, busBytes: busOf(board), buffers });
    return { array, plan, uses: usesOf(plan, board) };
  };
  const own = planned({ ...size, packed });
  if (!packed || own.plan.hardware.sharedRequantisers || fits(own.uses)) return own;
  const shared = planned({ ...size, packed, sharedRequantisers: true });
  return fits(shared.uses) ? shared : own;
}

function cyclesOf(plan: Plan, board: Board): number {
  const bytes = bytesPerCycle(board);
  return predict(plan, { bytes, latency: board.memory?.latencyCycles.value ?? 1, outstanding: 16 }).cycles;
}

/** The binding resource first; then every other that is short, the smallest board that has enough, and what would help. */
function doesNotFit(
  graph: IntGraph,
  board: Board,
  last: Candidate,
  array: ArraySize | null,
  buffers?: BufferOptions,
): InputError {
  const binding = bindingOf(last.uses);
  assert(binding, "something does not fit");
  const short = last.uses.filter((use) => use.needed > use.available && use !== binding);
  const smallest = smallestBoard(graph, array);
  const { pk, pc } = last.array;
  const change =
    board.memory === null
      ? null
      : changeThatFits((size, less) => candidate(graph, board, size, less).uses, last.array, buffers, arrays);
  return new InputError(
    [binding, ...short].map((use) => ({
      code: "does-not-fit",
      node: board.name,
      found: `${use.needed} ${use.resource} needed ${array === null ? "even " : ""}with a ${pk}x${pc} array${use === binding ? " (the binding resource)" : ""}`,
      supported: use.available === 0 ? `none: ${noMemory(board)}` : `${use.available} ${use.resource}`,
      fix: [change === null ? helpFor(use, last, board) : `it fits with ${change}`, smallest].join("; "),
    })),
  );
}

const noMemory = (board: Board): string => `no memory on ${board.title} answers the accelerator's AXI port`;

/** Names the smallest known board that the network fits, with any array or with one, as a part of a message. */
export function smallestBoard(graph: IntGraph, array: ArraySize | null = null): string {
  const what = array === null ? "everything" : `everything for ${array.pk}x${array.pc}`;
  const size = array ?? { pk: 4, pc: 4 };
  const smallest = knownBoards().find(
    (known) => known.memory !== null && fits(candidate(graph, known, size).uses),
  );
  return smallest === undefined
    ? `no known board has enough of ${what}`
    : `the smallest known board with enough of ${what} is ${smallest.name}`;
}

const fields = {
  "DSP blocks": "dsp",
  "block RAMs": "blockRam",
  "look-up tables": "lut",
  "flip-flops": "ff",
} as const;

/** What would reduce the use of a resource where neither a smaller array nor smaller buffers suffice. */
function helpFor(use: Use, { plan }: Candidate, board: Board): string {
  if (use.resource === "bytes of memory")
    return board.memory === null ? "a board with DRAM" : "a network with fewer weights";
  const field = fields[use.resource];
  const [largest] = [...estimateFor(plan, board).units].sort((a, b) => b[field] - a[field]);
  assert(largest, "an accelerator has parts");
  return `the ${largest.unit} takes ${largest[field]} of them: narrower layers need less`;
}
