/** Where windows stand on a map: what the builder makes of `same`, `valid`, numbers and rounding. */
import type { Padding } from "./graph.ts";

interface Size {
  readonly height: number;
  readonly width: number;
}

/**
 * `same`: as TensorFlow places it, the odd row and column at bottom and right; `valid`: none;
 * a number: as many rows and columns on every side, as Caffe and PyTorch do it.
 */
export type WindowPadding = "same" | "valid" | number;

export interface SquareWindow {
  /** Side of the square kernel. */
  readonly kernel: number;
  readonly stride: number;
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

/** Output size and explicit padding of a square window on a map. */
export function placeWindow(map: Size, window: SquareWindow): PlacedWindow {
  const { kernel, stride } = window;
  const vertical = along(map.height, window);
  const horizontal = along(map.width, window);
  return {
    kernel: [kernel, kernel],
    stride: [stride, stride],
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

interface Placed {
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

function along(input: number, { kernel, stride, padding, rounding }: SquareWindow): Placed {
  if (padding === "same") {
    const size = Math.ceil(input / stride);
    const total = Math.max((size - 1) * stride + kernel - input, 0);
    const before = Math.floor(total / 2);
    return { size, before, after: total - before };
  }
  const pad = padding === "valid" ? 0 : padding;
  const steps = (input + 2 * pad - kernel) / stride;
  if (rounding === "floor") return { size: Math.floor(steps) + 1, before: pad, after: pad };
  let size = Math.ceil(steps) + 1;
  // Caffe and PyTorch drop a window that would begin behind the map.
  if ((size - 1) * stride >= input + pad) size--;
  return { size, before: pad, after: Math.max((size - 1) * stride + kernel - input - pad, 0) };
}
