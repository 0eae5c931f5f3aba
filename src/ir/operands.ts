/** How many inputs a node of each kind has. */
import type { Node } from "./graph.ts";

/** The least and the most. */
export function operandsOf(kind: Node["kind"]): readonly [least: number, most: number] {
  switch (kind) {
    case "conv":
    case "depthwise":
    case "dense":
      return [2, 3];
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
    case "prelu":
      return [2, 2];
    case "batch-norm":
    case "detection":
      return [3, 3];
    case "concat":
    case "interleave":
      return [1, Infinity];
    default:
      return [1, 1];
  }
}
