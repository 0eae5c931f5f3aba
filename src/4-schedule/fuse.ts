/** Groups operators into fused blocks: which phases each has, before anything is sized. */
import type { IntGraph, IntMap } from "../ir/integer.ts";
import { assert } from "../ir/errors.ts";
import type { Operator } from "./plan.ts";

/** A phase with its geometry; `kernel`, `stride` and paddings are those of the source that it walks. */
export interface PhaseShape {
  readonly kind: "conv" | "depthwise" | "serial" | "pack";
  readonly operator: Operator | null;
  readonly packed: boolean;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padTop: number;
  readonly padLeft: number;
  readonly inputRows: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly outputRows: number;
  readonly outputWidth: number;
  readonly outputChannels: number;
}

export interface Draft {
  readonly phases: readonly PhaseShape[];
}

/** Longest run of a patch row, in bytes, that the packer's descriptor holds. */
const MAX_RUN = 255;

/**
 * depthwise or pool + the pointwise convolution behind it: two phases; a convolution whose channels do not fill the
 * multipliers: packer + convolution; everything else: one phase.
 */
export function fuse(
  graph: IntGraph,
  operators: readonly Operator[],
  window: readonly [number, number],
  pc: number,
): Draft[] {
  const uses = new Map<number, number>();
  for (const op of operators) uses.set(op.input, (uses.get(op.input) ?? 0) + 1);
  const drafts: Draft[] = [];
  for (let i = 0; i < operators.length; i++) {
    const op = operators[i];
    assert(op, "operator");
    const next = operators[i + 1];
    const pairs =
      op.kind !== "conv" &&
      next?.kind === "conv" &&
      next.input === op.output &&
      uses.get(op.output) === 1 &&
      isPointwise(next);
    if (pairs) {
      drafts.push({ phases: [shape(graph, op, windowKind(op, window)), shape(graph, next, "conv")] });
      i++;
    } else if (op.kind === "conv" && needsPacking(graph, op, pc)) drafts.push({ phases: packed(graph, op) });
    else drafts.push({ phases: [shape(graph, op, op.kind === "conv" ? "conv" : "serial")] });
  }
  return drafts;
}

/** The depthwise engine's window covers exactly this kernel. */
function windowKind(op: Operator, window: readonly [number, number]): "depthwise" | "serial" {
  const fits = op.kind === "depthwise" && op.kernel[0] === window[0] && op.kernel[1] === window[1];
  return fits ? "depthwise" : "serial";
}

export function isPointwise(op: Operator): boolean {
  return op.kernel[0] === 1 && op.kernel[1] === 1 && op.stride[0] === 1 && op.stride[1] === 1;
}

function needsPacking(graph: IntGraph, op: Operator, pc: number): boolean {
  const C = mapOf(graph, op.input).channels;
  // only the image lies densely in memory
  return (
    op.input === graph.input &&
    C % pc !== 0 &&
    op.kernel[0] * op.kernel[1] > 1 &&
    op.kernel[1] * C <= MAX_RUN &&
    op.stride[1] * C <= MAX_RUN
  );
}

function mapOf(graph: IntGraph, id: number): IntMap {
  const map = graph.maps.get(id);
  assert(map, `map ${id} is missing`);
  return map;
}

function shape(graph: IntGraph, op: Operator, kind: "conv" | "depthwise" | "serial"): PhaseShape {
  const input = mapOf(graph, op.input);
  const output = mapOf(graph, op.output);
  const single = output.height === 1 && output.width === 1;
  return {
    kind,
    operator: op,
    packed: false,
    kernel: op.kernel,
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
  };
}

function packed(graph: IntGraph, op: Operator): PhaseShape[] {
  const conv = shape(graph, op, "conv");
  const patch = op.kernel[0] * op.kernel[1] * conv.inputChannels;
  return [
    { ...conv, kind: "pack", operator: null, outputChannels: patch },
    {
      ...conv,
      packed: true,
      kernel: [1, 1],
      stride: [1, 1],
      padTop: 0,
      padLeft: 0,
      inputRows: conv.outputRows,
      inputWidth: conv.outputWidth,
      inputChannels: patch,
    },
  ];
}
