/** What `--board` stands for: array, bus and memory model of a network on a board, and why. */
import type { BufferOptions } from "../4-schedule/size.ts";
import { InputError, assert } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import { known, lastItem } from "../ir/known.ts";
import { uncounted } from "../resources/estimate.ts";
import { arrays, candidate, candidates, lutShare, rate, type Candidate, type Rated } from "./candidates.ts";
import { changeThatFits, type ArraySize } from "./change.ts";
import { bindingOf, fits, type Use } from "./fit.ts";
import { knownBoards } from "./load.ts";
import { busOf, bytesPerCycle, memoryText, portBitsOf } from "./memory.ts";
import { estimateFor } from "./resources.ts";
import type { Board } from "./schema.ts";

export interface Choice {
  readonly board: Board;
  readonly array: ArraySize;
  readonly busBytes: 8 | 16;
  /** Undefined: what network and array ask for. */
  readonly buffers: BufferOptions | undefined;
  /** As `--memory` takes it. */
  readonly memory: string;
  readonly uses: readonly Use[];
  /** One sentence a decision. */
  readonly reasons: readonly string[];
}

/** Percent of a board's look-up tables that an array may take by the estimate, so that routing has room. */
export const DEFAULT_FILL = 85;

/** A choice, and why the board cannot hold even that. */
export interface Weighed {
  readonly choice: Choice;
  /** InputError `does-not-fit`; null when everything fits. */
  readonly refusal: InputError | null;
}

interface Wishes {
  readonly buffers?: BufferOptions | undefined;
  readonly fill?: number | undefined;
  readonly sparse?: boolean | undefined;
}

/**
 * `array`: what the user insists on; null lets the board decide: the best that takes at most `fill` percent of the look-up tables, else
 * the smallest that fits, else the smallest that it tried. `sparse`: whether zeros take no cycles.
 */
export function weighFor(
  graph: IntGraph,
  board: Board,
  array: ArraySize | null,
  { buffers, fill = DEFAULT_FILL, sparse }: Wishes = {},
): Weighed {
  const { chosen, refused, why } =
    array === null
      ? choose(graph, board, { buffers, fill, sparse })
      : insistOn(graph, board, { ...array, sparse }, buffers);
  const refusal = refused ? doesNotFit(graph, board, chosen, array, buffers) : null;
  const { array: size, plan, uses } = chosen;
  const { activations, hardware } = plan;
  const bus = busOf(board);
  const choice = {
    board,
    array: size,
    busBytes: bus,
    buffers: chosen.buffers,
    memory: memoryText(board),
    uses,
    reasons: [
      ...why,
      size.packed
        ? "two products a DSP block, which lanes 2i and 2i + 1 of the array share"
        : "one product a DSP block",
      ...(hardware.sharedRequantisers
        ? ["a requantiser for two lanes, which takes their results in turn"]
        : []),
      ...uncounted(activations).map((spec) => `${spec} is not counted: \`report --synth\` counts it`),
      `buffers: a weight ring of ${hardware.weightDepth} words, line buffers of ${hardware.lineBuffers.map(({ banks, depth }) => banks * depth).join(", ")} words: ${buffers === undefined ? "what network, array and block RAM ask for" : "at least what --buffers says"}`,
      `on the chip: ${(hardware.chipDepth * hardware.busBytes) / 1024} KiB of maps, weights of ${plan.keptBlocks.to - plan.keptBlocks.from} of ${plan.blocks.length} blocks from image to image`,
      `${8 * bus}-bit bus: the port between accelerator and memory is ${portBitsOf(board)} bits wide`,
      `${bytesPerCycle(board)} bytes a cycle: what the ${board.memory?.kind ?? "missing"} memory moves at ${board.clock.target} MHz, at most the bus`,
    ],
  };
  return { choice, refusal };
}

interface Decision {
  readonly chosen: Candidate;
  readonly refused: boolean;
  readonly why: readonly string[];
}

function insistOn(graph: IntGraph, board: Board, array: ArraySize, buffers?: BufferOptions): Decision {
  const chosen = candidate(graph, board, array, buffers);
  return { chosen, refused: !fits(chosen.uses), why: [`array ${nameOf(chosen)}: as --array says`] };
}

/** The fastest of those that fit and leave room, of equally fast ones the smallest: nothing that `explore` shows beats it. */
function choose(
  graph: IntGraph,
  board: Board,
  { buffers, fill, sparse }: Wishes & { readonly fill: number },
): Decision {
  const tried = candidates(graph, board, buffers, sparse);
  const fitting = tried.filter(({ uses }) => fits(uses));
  const roomy = fitting.filter((one) => lutShare(one) <= fill / 100);
  const [best, ...others] = rate(graph, board, roomy, buffers === undefined);
  if (best !== undefined) {
    const { multipliers } = best.plan;
    const larger = tried.findLast((one) => one.plan.multipliers > multipliers && !roomy.includes(one));
    const short = larger === undefined ? "" : wouldNeed(larger, fill);
    const arraysOf = others.filter(
      (other, i) =>
        nameOf(other) !== nameOf(best) && others.findIndex((one) => nameOf(one) === nameOf(other)) === i,
    );
    const weighed = [best, ...arraysOf].slice(0, 4).map((one) => `${nameOf(one)} ${figures(one)}`);
    return {
      chosen: best,
      refused: false,
      why: [
        `array ${nameOf(best)}: the fewest predicted cycles of those that fit in ${fill} % of the look-up tables${short}`,
        `weighed: ${tried.length} arrays, of which ${roomy.length} fit so; ${weighed.join("; ")}`,
      ],
    };
  }
  const [smallest] = [...fitting].sort((a, b) => lutShare(a) - lutShare(b));
  if (smallest !== undefined) {
    const percent = Math.round(100 * lutShare(smallest));
    const why = `array ${nameOf(smallest)}: the fewest look-up tables, ${percent} % of the board's; none fits in ${fill} % (--fill)`;
    return { chosen: smallest, refused: false, why: [why] };
  }
  const chosen = lastItem(tried);
  const why = [`array ${nameOf(chosen)}: the smallest, which does not fit either`];
  return { chosen, refused: true, why };
}

const nameOf = ({ array: { pc, pk } }: Candidate): string => `${pk}x${pc}`;

function figures({ cycles, uses }: Rated): string {
  const luts = uses.find(({ resource }) => resource === "look-up tables");
  return `${cycles} cycles${luts === undefined ? "" : ` and ${luts.needed} look-up tables`}`;
}

/** Why the next larger array is not taken. */
function wouldNeed(larger: Candidate, fill: number): string {
  const { available, needed, resource } = bindingOf(larger.uses) ?? tightest(larger);
  const share = needed > available ? "" : ` (${fill} % are ${Math.floor((available * fill) / 100)})`;
  return `; ${nameOf(larger)} would need ${needed} of ${available} ${resource}${share}`;
}

/** The look-up tables of what fits and leaves too few of them. */
function tightest({ uses }: Candidate): Use {
  return known(
    uses.find(({ resource }) => resource === "look-up tables"),
    "only look-up tables are kept free",
  );
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
