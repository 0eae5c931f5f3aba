import { describe, expect, it } from "vitest";
import { runGolden } from "../../src/golden/run.ts";
import type { Alignment } from "../../src/ir/linear.ts";
import { resized, type Sides, valuesOf } from "../support/resized.ts";

/** ResizeBilinearInteger of TFLite's reference/resize_bilinear.h, as it stands there. */
function reference(values: Int8Array, [h, w]: Sides, [oh, ow]: Sides, alignment: Alignment, centre: number) {
  const scaleOf = (size: number, made: number) =>
    alignment === "align-corners" && made > 1
      ? Math.trunc((1024 * (size - 1) + Math.trunc((made - 1) / 2)) / (made - 1))
      : Math.trunc((1024 * size + Math.trunc(made / 2)) / made);
  const places = (value: number, scale: number, size: number) => {
    const at = alignment === "half-pixel" ? value * scale + Math.trunc(scale / 2) - 512 : value * scale;
    const [low, high] = [
      Math.max(Math.trunc(at / 1024), 0),
      Math.min(Math.trunc((at + 1023) / 1024), size - 1),
    ];
    return [at, low, high] as const;
  };
  const result: number[] = [];
  for (let y = 0; y < oh; y++)
    for (let x = 0; x < ow; x++)
      for (let c = 0; c < 3; c++) {
        const [inputY, y0, y1] = places(y, scaleOf(h, oh), h);
        const [inputX, x0, x1] = places(x, scaleOf(w, ow), w);
        const at = (row: number, column: number) => values[(row * w + column) * 3 + c]! + centre;
        const [v, u] = [inputY - 1024 * y0, inputX - 1024 * x0];
        const sum =
          at(y0, x0) * (1024 - v) * (1024 - u) +
          at(y1, x0) * v * (1024 - u) +
          at(y0, x1) * (1024 - v) * u +
          at(y1, x1) * v * u;
        result.push(Math.trunc((sum + (sum > 0 ? 2 ** 19 : -(2 ** 19))) / 2 ** 20) - centre);
      }
  return Int8Array.from(result);
}

const alignments: readonly Alignment[] = ["half-pixel", "asymmetric", "align-corners"];
const types = ["int8", "uint8"] as const;

describe("a bilinear resize", () => {
  it("is TFLite's reference kernel, whatever the sizes", () => {
    const sizes = [1, 2, 3, 5, 8];
    for (const alignment of alignments)
      for (const dtype of types)
        for (const h of sizes)
          for (const made of [1, 2, 3, 4, 7, 10, 16]) {
            const [from, to]: Sides[] = [
              [h, 4],
              [made, 9],
            ] as [Sides, Sides];
            const graph = resized(from, to, alignment, dtype);
            const values = valuesOf(graph, h * 31 + made);
            const wanted = reference(values, from, to, alignment, dtype === "uint8" ? 128 : 0);
            expect(runGolden(graph, values).maps.get(1)).toEqual(wanted);
          }
  });

  it("rounds half away from zero on the model's own integers", () => {
    const graph = resized([1, 2], [1, 4], "half-pixel");
    const values = Int8Array.of(-3, 3, 0, -1, 1, 2);
    // a quarter and three quarters of the way: -2.5, 2.5, 0.5
    expect(runGolden(graph, values).maps.get(1)!.slice(3, 9)).toEqual(Int8Array.of(-3, 3, 1, -2, 2, 2));
    const own = runGolden(resized([1, 2], [1, 4], "half-pixel", "uint8"), values).maps.get(1)!;
    expect(own.slice(3, 9)).toEqual(Int8Array.of(-2, 3, 1, -1, 2, 2));
  });

  it("takes exact fractions above the zero point, halves to the even integer, where the graph rounds so", () => {
    // thirds and sixths of rows, the zero point -3
    const values = Int8Array.of(-3, 7, 100, 1, 8, -100);
    const thirds = runGolden(resized([1, 2], [1, 6], "half-pixel", "int8", "float32"), values).maps.get(1)!;
    const at = (x: number, i: number) =>
      Math.max(0, Math.min(1, (x + 0.5) / 3 - 0.5)) * (values[3 + i]! - values[i]!) + values[i]!;
    expect(Array.from(thirds)).toEqual(
      Array.from({ length: 18 }, (_, i) => Math.round(at(Math.floor(i / 3), i % 3)) + 0),
    );
    const halves = runGolden(resized([1, 2], [1, 4], "asymmetric", "int8", "float32"), values).maps.get(1)!;
    // 2, 10.5 and 3 steps above the zero point: the even one of 10 and 11 for the second
    expect(halves.slice(3, 6)).toEqual(Int8Array.of(-1, 7, 0));
  });
});
