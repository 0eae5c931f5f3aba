/** Resizing of float maps between pixels. */
import type { ResizeNode } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import type { Alignment } from "../../ir/linear.ts";
import type { Shape } from "../../ir/shapes.ts";
import { type Floats, sizesOf } from "./maps.ts";

/** [1, H, W, C] -> [1, H', W', C], each value between those of up to four pixels (TFLite's reference_ops::ResizeBilinear, ONNX Resize). */
export function resizeBilinear(map: Floats, { alignment }: ResizeNode, shape: Shape): Float32Array {
  const { channels, height, width } = sizesOf(map.shape);
  const made = sizesOf(shape);
  const rows = placesAlong(height, made.height, alignment);
  const columns = placesAlong(width, made.width, alignment);
  const result = new Float32Array(made.height * made.width * channels);
  let index = 0;
  for (const row of rows)
    for (const column of columns)
      for (let c = 0; c < channels; c++) {
        const at = (y: number, x: number) => item(map.values, (y * width + x) * channels + c);
        const along = (y: number) =>
          at(y, column.low) * (1 - column.weight) + at(y, column.high) * column.weight;
        result[index++] = along(row.low) * (1 - row.weight) + along(row.high) * row.weight;
      }
  return result;
}

/** Between which elements of an axis each of the result's lies, and how far. */
function placesAlong(size: number, made: number, alignment: Alignment) {
  const place = (i: number): number => {
    switch (alignment) {
      case "half-pixel":
        return ((i + 0.5) * size) / made - 0.5;
      case "asymmetric":
        return (i * size) / made;
      case "align-corners":
        return made > 1 ? (i * (size - 1)) / (made - 1) : 0;
    }
  };
  return Array.from({ length: made }, (_, i) => {
    const at = Math.max(0, Math.min(size - 1, place(i)));
    const low = Math.floor(at);
    return { low, high: Math.min(low + 1, size - 1), weight: at - low };
  });
}
