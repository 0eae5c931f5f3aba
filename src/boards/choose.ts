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

/** Arrays to try, most multipliers first. */
const arrays: readonly (readonly ArraySize[])[] = [
  [{ pk: 32, pc: 32 }],
  [
    { pk: 16, pc: 32 },
    { pk: 32, pc: 16 },
  ],
  [{ pk: 16, pc: 16 }],
  [
    { pk: 8, pc: 16 },
    { pk: 16, pc: 8 },
  ],
  [{ pk: 8, pc: 8 }],
  [
    { pk: 4, pc: 8 },
    { pk: 8, pc: 4 },
  ],
  [{ pk: 4, pc: 4 }],
];

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
          : `array ${pk}x${pc}: the most multipliers that fit, and the fewest predicted cycles among those${larger}`,
      packed
        ? "two products a DSP block, which lanes 2i and 2i + 1 of the array share"
        : "one product a DSP block",
      ...kernels.map((spec) => `${spec} is not counted: \`report --synth\` counts it`),
      `buffers: a weight ring of ${hardware.weightDepth} words, line buffers of ${hardware.lineBuffers.map(({ banks, depth }) => banks * depth).join(", ")} words: ${buffers === undefined ? "what network and array ask for" : "at least what --buffers says"}`,
      `${8 * bus}-bit bus: the port between accelerator and memory is ${board.memory?.portBits.value ?? 0} bits wide`,
      `${bytesPerCycle(board)} bytes a cycle: what the ${board.memory?.kind ?? "missing"} memory moves at ${board.clock.target} MHz, at most the bus`,
    ],
  };
  return { choice, refusal };
}

/** The best candidate that fits, the smallest that was tried, and why none of the next larger arrays is it. */
function tryArrays(graph: IntGraph, board: Board, array: ArraySize | null, buffers?: BufferOptions) {
  const rounds = array === null ? arrays : [[array]];
  let last: Candidate | null = null;
  let larger = "";
  for (const round of rounds) {
    const tried = round.map((size) => candidate(graph, board, size, buffers));
    last = tried.at(-1) ?? last;
    const [best] = tried
      .filter(({ uses }) => fits(uses))
      .map((one) => ({ one, cycles: cyclesOf(one.plan, board) }))
      .sort((a, b) => a.cycles - b.cycles);
    if (best) return { best: best.one, last: best.one, larger };
    const short = last && bindingOf(last.uses);
    if (last && short)
      larger = `; ${last.array.pk}x${last.array.pc} would need ${short.needed} of ${short.available} ${short.resource}`;
  }
  assert(last, "at least one array was tried");
  return { best: null, last, larger };
}

function candidate(graph: IntGraph, board: Board, size: ArraySize, buffers?: BufferOptions): Candidate {
  const array = { ...size, packed: isPacked(board, size) };
  const plan = schedule(graph, { ...array, busBytes: busOf(board), buffers });
  return { array, plan, uses: usesOf(plan, board) };
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
      : changeThatFits(
          (size, less) => candidate(graph, board, size, less).uses,
          last.array,
          buffers,
          arrays.flat(),
        );
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
