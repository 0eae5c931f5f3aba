/** The window of the depthwise engine: kernels up to its size take a few cycles of the array, others one a tap. */
import type { IntGraph } from "../ir/integer.ts";
import { mapOf } from "./operator-parts.ts";
import type { Operator } from "./plan.ts";
import { type ArrayOptions, ceilDiv, turns, windowCycles } from "./size.ts";
import type { Step } from "./steps.ts";

/** Rows and columns of the window that the hardware has. */
export type DepthwiseWindow = readonly [height: number, width: number];

/** The array may take this many cycles for a window: the sequencer leaves as many between two strips. */
const MAX_CYCLES = 4;

/**
 * The window with which the depthwise layers of a network take the fewest cycles, the smallest of those: of all pairs of a kernel's
 * height and a kernel's width.
 */
export function depthwiseWindow(graph: IntGraph, steps: readonly Step[], o: ArrayOptions): DepthwiseWindow {
  const operators = steps.flatMap((step) =>
    step.kind === "operator" && step.operator.kind === "depthwise" ? [step.operator] : [],
  );
  const sizes = (side: 0 | 1) => [...new Set(operators.map(({ kernel }) => kernel[side]))];
  const windows = sizes(0)
    .flatMap((height) => sizes(1).map((width): DepthwiseWindow => [height, width]))
    .filter(([height, width]) => windowCycles(height, [height, width], o) <= MAX_CYCLES)
    .sort((a, b) => a[0] * a[1] - b[0] * b[1]);
  const costs = windows.map((window) =>
    operators.reduce((sum, operator) => sum + layerCycles(graph, operator, window, o), 0),
  );
  return windows[costs.indexOf(Math.min(...costs))] ?? [1, 1];
}

/** Cycles of the array for a layer, one group of channels behind the other. */
function layerCycles(graph: IntGraph, operator: Operator, window: DepthwiseWindow, o: ArrayOptions): number {
  const { channels, height, width } = mapOf(graph, operator.output);
  return height * width * ceilDiv(channels, o.pk) * cyclesInWindow(operator, window, o);
}

/** Cycles for each of a kernel's windows: at least one for each new column of it, tap by tap where it does not fit. */
function cyclesInWindow(operator: Operator, window: DepthwiseWindow, o: ArrayOptions): number {
  if (!windowFits(operator, window)) return tapCycles(operator, o);
  return Math.max(windowCycles(operator.kernel[0], window, o), operator.stride[1]);
}

const tapCycles = ({ kernel }: Operator, o: ArrayOptions): number => kernel[0] * kernel[1] * turns(o);

/** Whether the window holds an operator's kernel, and its first column meets the map. */
export function windowFits({ kind, kernel, padding }: Operator, [height, width]: DepthwiseWindow): boolean {
  return kind === "depthwise" && kernel[0] <= height && kernel[1] <= width && padding.left < kernel[1];
}

/** Whether a layer and a phase behind it, which puts its results in the order of the map in memory, take less than its taps one by one. */
export function windowPays(operator: Operator, window: DepthwiseWindow, o: ArrayOptions): boolean {
  return (
    windowFits(operator, window) && cyclesInWindow(operator, window, o) + turns(o) < tapCycles(operator, o)
  );
}
