/** Groups operators into fused blocks: which phases each has, and what is done to its results on their way out. */
import type { Problem } from "../ir/errors.ts";
import { InputError, assert } from "../ir/errors.ts";
import type { IntBinary, IntGraph, IntMap, IntPool, MapId } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { type DepthwiseWindow, windowFits, windowPays } from "./depthwise-window.ts";
import type { Draft, PhaseShape } from "./draft.ts";
import type { Operator } from "./plan.ts";
import { oneBlock } from "./one-block.ts";
import { unsupported } from "./operator-parts.ts";
import { withReadRows } from "./read-rows.ts";
import { maxPool, passOn } from "./serial-operators.ts";
import type { ArrayOptions } from "./size.ts";
import { type Chain, type OperatorStep, alone, isPointwise } from "./steps.ts";

/** Longest run of a patch row, in bytes, that the packer's descriptor holds. */
const MAX_RUN = 255;

/**
 * expand + depthwise + project, or expand + depthwise and what passes that on, where that pays: three phases; depthwise, pool or squeeze + the convolutions behind
 * it, a max pool over columns + that over rows: two phases; a first convolution whose channels do not fill the multipliers: packer + convolution; everything
 * else: one phase. An operator of two maps or a max pool that is the only reader of a block's map joins the block where the units behind
 * the array take it; other max pools are phases, and other such operators join a phase that passes one operand on. Throws InputError
 * with every node that finds no block.
 */
export function fuse(graph: IntGraph, chain: Chain, window: DepthwiseWindow, array: ArrayOptions): Draft[] {
  const drafts: Draft[] = [];
  const problems: Problem[] = [];
  const made = new Map<MapId, number>();
  const put = ({ index, draft }: Joined) => {
    drafts[index] = draft;
    made.set(draft.output, index);
  };
  const { steps } = chain;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    assert(step, "step");
    if (step.kind === "binary") {
      const joined =
        joinAdd(graph, chain, drafts, made, step.node) ?? addAlone(graph, chain, drafts, step.node);
      if (joined === null)
        problems.push(unsupported(step.node, `${step.node.kind} of two maps that are read reshaped`));
      else put(joined);
      continue;
    }
    const joined = step.kind === "max-pool" ? joinPool(graph, chain, drafts, made, step.node) : null;
    if (joined) {
      put(joined);
      continue;
    }
    const first = step.kind === "max-pool" ? alone(maxPool(graph, step.node), chain.canonical) : step;
    const { phases, output, steps: taken } = phasesFrom(graph, chain, first, i, window, array);
    put({
      index: drafts.length,
      draft: { phases, source: first.operator.input, output, add: null, pool: null },
    });
    i += taken - 1;
  }
  if (problems.length > 0) throw new InputError(problems);
  return drafts.map((draft) => (chain.pitch(draft.output) === undefined ? draft : inWholeBeats(draft)));
}

/** The same block, whose results fill whole beats of the bus. */
function inWholeBeats(draft: Draft): Draft {
  const phases = draft.phases.map((phase, i) =>
    i === draft.phases.length - 1 ? { ...phase, wholeBeats: true } : phase,
  );
  return { ...draft, phases };
}

interface Joined {
  readonly index: number;
  readonly draft: Draft;
}

/** The later of the two producers computes with the other's map, which alone may be stretched. */
function joinAdd(
  graph: IntGraph,
  chain: Chain,
  drafts: Draft[],
  made: Map<MapId, number>,
  node: IntBinary,
): Joined | null {
  const [first, second] = node.inputs.map((id) => chain.canonical(id));
  if (first === undefined || second === undefined || first === second) return null;
  const resultFirst = blockOf(chain, made, first) > blockOf(chain, made, second);
  if (!isWhole(graph, node, resultFirst ? 0 : 1)) return null;
  const [result, residual] = resultFirst ? [first, second] : [second, first];
  const index = made.get(result) ?? -1;
  const draft = drafts[index];
  if (!draft || draft.add || draft.pool || chain.uses(result) !== 1) return null;
  // its rows would be those of another shape
  if (chain.storage(residual) !== residual) return null;
  return { index, draft: { ...draft, output: node.output, add: { node, residual, resultFirst } } };
}

/** The block behind which all of a map is written; -1 for the image. */
function blockOf(chain: Chain, made: ReadonlyMap<MapId, number>, id: MapId): number {
  const own = made.get(chain.storage(id));
  if (own !== undefined) return own;
  const inputs = chain.layouts.find(({ buffer }) => buffer === chain.storage(id))?.inputs ?? [];
  return Math.max(-1, ...inputs.map((input) => blockOf(chain, made, input)));
}

/** A block that passes one operand on and computes with the other. Null when the other can only be read in another shape. */
function addAlone(graph: IntGraph, chain: Chain, drafts: readonly Draft[], node: IntBinary): Joined | null {
  const [first, second] = node.inputs.map((id) => chain.canonical(id));
  assert(first !== undefined && second !== undefined, `${node.name} has two operands`);
  const resultFirst =
    isWhole(graph, node, 0) && (chain.storage(second) === second || !isWhole(graph, node, 1));
  const [source, residual] = resultFirst ? [first, second] : [second, first];
  if (chain.storage(residual) !== residual) return null;
  const phases = [shape(graph, passOn(graph, node, source), "serial", null)];
  const add = { node, residual, resultFirst };
  return { index: drafts.length, draft: { phases, source, output: node.output, add, pool: null } };
}

/** Whether an operand has the result's shape. */
function isWhole(graph: IntGraph, node: IntBinary, operand: 0 | 1): boolean {
  const map = mapOf(graph, item(node.inputs, operand));
  const { channels, height, width } = mapOf(graph, node.output);
  return map.height === height && map.width === width && map.channels === channels;
}

function joinPool(
  graph: IntGraph,
  chain: Chain,
  drafts: Draft[],
  made: Map<MapId, number>,
  node: IntPool,
): Joined | null {
  const source = chain.canonical(node.inputs[0] ?? -1);
  const index = made.get(source) ?? -1;
  const draft = drafts[index];
  const [kh, kw] = node.kernel;
  const input = mapOf(graph, source);
  const clamps = node.min > -128 || node.max < 127;
  const shape = kh === kw && (kh === 2 || kh === 3) && node.stride[0] === 2 && node.stride[1] === 2;
  const padded =
    node.padding.top > 0 || node.padding.left > 0 || node.padding.bottom > 1 || node.padding.right > 1;
  if (!draft || draft.pool || chain.uses(source) !== 1 || !shape || padded || clamps) return null;
  if (input.height < kh || input.width < kw) return null;
  return { index, draft: { ...draft, output: node.output, pool: node } };
}

interface Run {
  readonly phases: readonly PhaseShape[];
  readonly output: MapId;
  /** Steps that the phases stand for. */
  readonly steps: number;
}

/** The phases of the block that begins with an operator, step `at` of the chain. */
function phasesFrom(
  graph: IntGraph,
  chain: Chain,
  first: OperatorStep,
  at: number,
  window: DepthwiseWindow,
  array: ArrayOptions,
): Run {
  const [second, third] = [1, 2].map((n): OperatorStep | null => {
    const step = chain.steps[at + n];
    if (step?.kind === "max-pool") return alone(maxPool(graph, step.node), chain.canonical);
    return step?.kind === "operator" ? step : null;
  });
  if (second && expands(graph, chain, first, second)) {
    const project = third && pairs(graph, chain, second, third) ? third : null;
    if (project || windowPays(second.operator, window, array)) {
      const behind = phasesOf(graph, chain, second, project, window, array);
      const phases = withReadRows([shape(graph, first.operator, "conv", null), ...behind]);
      if (oneBlock(phases, array))
        return { phases, output: (project ?? second).operator.output, steps: project ? 3 : 2 };
    }
  }
  const joined = second && pairs(graph, chain, first, second) ? second : null;
  return {
    phases: withReadRows(phasesOf(graph, chain, first, joined, window, array)),
    output: (joined ?? first).operator.output,
    steps: joined ? 2 : 1,
  };
}

/** A 1 x 1 convolution, and the depthwise one that alone reads it. */
function expands(graph: IntGraph, chain: Chain, first: OperatorStep, second: OperatorStep): boolean {
  const [a, b] = [first.operator, second.operator];
  const isExpansion = a.kind === "conv" && isPointwise(a) && !first.centreTap && a.input !== graph.input;
  return isExpansion && b.kind === "depthwise" && b.input === a.output && chain.uses(a.output) === 1;
}

/** `first` writes a line buffer that only `second` reads. */
function pairs(graph: IntGraph, chain: Chain, first: OperatorStep, second: OperatorStep): boolean {
  const a = first.operator;
  const b = second.operator;
  if (b.input !== a.output || chain.uses(a.output) !== 1 || first.centreTap) return false;
  if (a.maximum && b.maximum) return staysInRow(b);
  if (b.kind !== "conv") return false;
  if (a.kind !== "conv") return isPointwise(b) && staysInRow(b) && !second.centreTap;
  // squeeze and expand
  return second.centreTap !== null && isPointwise(a) && a.input !== graph.input;
}

/** Each row of results needs one row: streamed strips of both phases are the same rows. */
function staysInRow({ kernel, padding, stride }: Operator): boolean {
  return kernel[0] === 1 && stride[0] === 1 && padding.top === 0 && padding.bottom === 0;
}

function phasesOf(
  graph: IntGraph,
  chain: Chain,
  first: OperatorStep,
  second: OperatorStep | null,
  window: DepthwiseWindow,
  array: ArrayOptions,
): PhaseShape[] {
  const op = first.operator;
  if (second) {
    const next = second.operator.kind === "conv" ? "conv" : "serial";
    const own = op.kind === "conv" ? "conv" : windowFits(op, window) ? window : "serial";
    return [shape(graph, op, own, first.centreTap), shape(graph, second.operator, next, second.centreTap)];
  }
  if (op.kind !== "conv") {
    if (!windowPays(op, window, array)) return [shape(graph, op, "serial", null)];
    // windows come channel group by channel group, and memory takes pixel by pixel
    return [shape(graph, op, window, null), shape(graph, passOn(graph, op.node, op.output), "serial", null)];
  }
  if (!first.centreTap && needsPacking(graph, chain, op, array.pc)) return overPatches(graph, op);
  return [shape(graph, op, "conv", first.centreTap)];
}

function needsPacking(graph: IntGraph, chain: Chain, op: Operator, pc: number): boolean {
  const C = mapOf(graph, op.input).channels;
  // only the image lies densely in memory, and only for the packer: another reader wants whole groups of channels
  return (
    op.input === graph.input &&
    chain.uses(op.input) === 1 &&
    C % pc !== 0 &&
    op.kernel[0] * op.kernel[1] > 1 &&
    op.kernel[1] * C <= MAX_RUN &&
    op.stride[1] * C <= MAX_RUN &&
    op.padding.left * C <= MAX_RUN
  );
}

export function mapOf(graph: IntGraph, id: MapId): IntMap {
  const map = graph.maps.get(id);
  assert(map, `map ${id} is missing`);
  return map;
}

/** A phase of an operator; `engine`: a convolution, the window that holds its kernel, or tap by tap. */
function shape(
  graph: IntGraph,
  op: Operator,
  engine: "conv" | DepthwiseWindow | "serial",
  centreTap: Operator | null,
): PhaseShape {
  const input = mapOf(graph, op.input);
  const output = mapOf(graph, op.output);
  const single = output.height === 1 && output.width === 1;
  const isWindow = typeof engine !== "string";
  return {
    kind: isWindow ? "depthwise" : engine,
    operator: op,
    centreTap,
    readsPatches: false,
    sparse: null,
    columns: 1,
    kernel: op.kernel,
    window: isWindow ? engine : op.kernel,
    // a single window never moves, and the row banks only step a few rows
    stride: single ? [1, 1] : op.stride,
    padTop: op.padding.top,
    padLeft: op.padding.left,
    inputRows: input.height,
    inputWidth: input.width,
    inputChannels: input.channels,
    outputRows: output.height,
    outputWidth: output.width,
    outputChannels: output.channels,
    wholeBeats: false,
  };
}

function overPatches(graph: IntGraph, op: Operator): PhaseShape[] {
  const conv = shape(graph, op, "conv", null);
  const patch = op.kernel[0] * op.kernel[1] * conv.inputChannels;
  return [
    { ...conv, kind: "pack", operator: null, outputChannels: patch },
    {
      ...conv,
      readsPatches: true,
      kernel: [1, 1],
      window: [1, 1],
      stride: [1, 1],
      padTop: 0,
      padLeft: 0,
      inputRows: conv.outputRows,
      inputWidth: conv.outputWidth,
      inputChannels: patch,
    },
  ];
}
