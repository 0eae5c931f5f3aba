/** Where windows stand on a map: what the builder makes of `same`, `valid`, numbers and rounding. */
import type { Padding } from "./graph.ts";

interface Size {
  readonly height: number;
  readonly width: number;
}

/** Rows and columns, or one number for both. */
export type Sides = number | readonly [rows: number, columns: number];

/**
 * `same`: as TensorFlow places it, the odd row and column at bottom and right; `valid`: none;
 * a number: as many rows and columns on every side, as Caffe and PyTorch do it; else what is said of each side.
 */
export type WindowPadding = "same" | "valid" | number | Padding;

export interface Window {
  readonly kernel: Sides;
  readonly stride: Sides;
  readonly padding: WindowPadding;
  /**
   * What happens to rows and columns that fill no whole window: `floor` drops them; `ceil` gives them a window too,
   * which then reaches into extra padding at bottom and right (Caffe's pools, PyTorch's ceil_mode).
   */
  readonly rounding: "floor" | "ceil";
}

export interface PlacedWindow {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: Padding;
  /** Rows and columns of the output. */
  readonly height: number;
  readonly width: number;
}

/** Output size and explicit padding of a window on a map. */
export function placeWindow(map: Size, { kernel, stride, padding, rounding }: Window): PlacedWindow {
  const [rows, columns] = sidesOf(kernel);
  const [down, right] = sidesOf(stride);
  const [above, beside]: readonly [Line["padding"], Line["padding"]] =
    typeof padding === "object"
      ? [
          [padding.top, padding.bottom],
          [padding.left, padding.right],
        ]
      : [padding, padding];
  const vertical = along(map.height, { kernel: rows, stride: down, padding: above, rounding });
  const horizontal = along(map.width, { kernel: columns, stride: right, padding: beside, rounding });
  return {
    kernel: [rows, columns],
    stride: [down, right],
    padding: {
      top: vertical.before,
      left: horizontal.before,
      bottom: vertical.after,
      right: horizontal.after,
    },
    height: vertical.size,
    width: horizontal.size,
  };
}

export function sidesOf(sides: Sides): readonly [rows: number, columns: number] {
  return typeof sides === "number" ? [sides, sides] : sides;
}

/** A window along one axis. */
interface Line {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: "same" | "valid" | number | readonly [before: number, after: number];
  readonly rounding: Window["rounding"];
}

interface Placed {
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

function along(input: number, { kernel, stride, padding, rounding }: Line): Placed {
  if (padding === "same") {
    const size = Math.ceil(input / stride);
    const total = Math.max((size - 1) * stride + kernel - input, 0);
    const before = Math.floor(total / 2);
    return { size, before, after: total - before };
  }
  const pad = padding === "valid" ? 0 : padding;
  const [before, after] = sidesOf(pad);
  const steps = (input + before + after - kernel) / stride;
  if (rounding === "floor") return { size: Math.floor(steps) + 1, before, after };
  let size = Math.ceil(steps) + 1;
  // Caffe and PyTorch drop a window that would begin behind the map.
  if ((size - 1) * stride >= input + before) size--;
  return { size, before, after: Math.max((size - 1) * stride + kernel - input - before, 0) };
}
