/** Operators of TFLite files that put pixels between or around those of a map, against the reference kernels' own formulas. */
import { describe, expect, it } from "vitest";
import {
  MirrorPadField,
  MirrorPadMode,
  OperatorCode,
  OptionsType,
  ResizeBilinearField,
} from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { runFloat } from "../../src/3-quantise/float-run.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { runGolden } from "../../src/golden/run.ts";
import { problemsOf } from "../support/problems.ts";
import { byte, Draft } from "../support/tflite-draft.ts";

type Shape = readonly [number, number, number];

describe("RESIZE_BILINEAR", () => {
  const resized = (from: Shape, to: Shape, isAligned: boolean, isHalfPixel: boolean, type?: "float32") => {
    const draft = new Draft(type);
    const [input, output] = [draft.map("in", [1, ...from]), draft.map("out", [1, ...to])];
    const operands = [input, draft.ints("size", [2], to.slice(0, 2))];
    draft.operator(OperatorCode.RESIZE_BILINEAR, operands, output, OptionsType.ResizeBilinearOptions, [
      byte(ResizeBilinearField.alignCorners, Number(isAligned)),
      byte(ResizeBilinearField.halfPixelCenters, Number(isHalfPixel)),
    ]);
    return () => draft.import([input], [output]);
  };

  it.each([
    [false, true, "half-pixel", [0, 2, 8, 10]],
    [false, false, "asymmetric", [0, 5, 10, 10]],
    [true, false, "align-corners", [0, 3, 7, 10]],
  ] as const)("aligned %s, half-pixel %s: %s", (isAligned, isHalfPixel, alignment, wanted) => {
    const graph = resized([1, 2, 1], [1, 4, 1], isAligned, isHalfPixel)();
    expect(graph.nodes).toMatchObject([{ kind: "resize-bilinear", alignment }]);
    const lowered = lower(runPasses(graph));
    // 2.5 and 7.5 to 3 and 8; of 1/1024, 341 and 682 of thirds
    const nearest = isHalfPixel ? [0, 3, 8, 10] : wanted;
    expect([...runGolden(lowered, Int8Array.of(0, 10)).maps.get(lowered.outputs[0]!)!]).toEqual(nearest);
  });

  it.each([
    [true, false],
    [false, true],
    [false, false],
  ])(
    "of one pixel, as behind a global pool, repeats it: aligned %s, half-pixel %s",
    (isAligned, isHalfPixel) => {
      const pixel = resized([1, 1, 2], [3, 5, 2], isAligned, isHalfPixel)();
      expect(pixel.nodes).toMatchObject([{ kind: "repeat", factor: [3, 5] }]);
      const row = lower(runPasses(resized([1, 2, 1], [3, 2, 1], isAligned, isHalfPixel)()));
      const made = runGolden(row, Int8Array.of(4, -7)).maps.get(row.outputs[0]!)!;
      expect([...made]).toEqual([4, -7, 4, -7, 4, -7]);
    },
  );

  it("of floats keeps their fractions", () => {
    const graph = resized([2, 2, 1], [2, 4, 1], false, true, "float32")();
    const made = runFloat(graph, Float32Array.of(0, 1, 2, 4)).get(graph.outputs[0]!);
    expect([...made!]).toEqual([0, 0.25, 0.75, 1, 2, 2.5, 3.5, 4]);
    const aligned = resized([2, 2, 1], [3, 3, 1], true, false, "float32")();
    const corners = runFloat(aligned, Float32Array.of(0, 1, 2, 4)).get(aligned.outputs[0]!);
    expect([...corners!]).toEqual([0, 0.5, 1, 1, 1.75, 2.5, 2, 3, 4]);
  });

  it("refuses half pixels with aligned corners, as TFLite", () => {
    expect(problemsOf(resized([2, 2, 1], [4, 4, 1], true, true))).toMatchObject([
      { code: "invalid-attribute", found: "half_pixel_centers with align_corners" },
    ]);
  });
});

describe("MIRROR_PAD", () => {
  const padded = (from: Shape, amounts: readonly number[], mode: number, type?: "float32") => {
    const draft = new Draft(type);
    const to = from.map((size, axis) => size + amounts[2 * axis]! + amounts[2 * axis + 1]!);
    const [input, output] = [draft.map("in", [1, ...from]), draft.map("out", [1, ...to])];
    const operands = [input, draft.ints("paddings", [4, 2], [0, 0, ...amounts])];
    draft.operator(OperatorCode.MIRROR_PAD, operands, output, OptionsType.MirrorPadOptions, [
      byte(MirrorPadField.mode, mode),
    ]);
    return () => draft.import([input], [output]);
  };
  const [height, width, channels] = [4, 5, 3];

  it.each([
    ["REFLECT", [1, 2, 3, 0, 0, 0]],
    ["REFLECT", [3, 3, 4, 4, 2, 1]],
    ["SYMMETRIC", [2, 1, 0, 5, 0, 0]],
    ["SYMMETRIC", [4, 4, 1, 1, 1, 3]],
    ["SYMMETRIC", [0, 0, 0, 0, 0, 0]],
  ] as const)("%s %j", (mode, amounts) => {
    const graph = padded([height, width, channels], amounts, MirrorPadMode[mode])();
    const lowered = lower(runPasses(graph));
    const input = Int8Array.from({ length: height * width * channels }, (_, i) => i - 30);
    const output = runGolden(lowered, input).maps.get(lowered.outputs[0]!)!;
    // mirror_pad.cc: the distance from the edge, less or not less one
    const offset = mode === "REFLECT" ? 1 : 0;
    const mirrored = (i: number, before: number, size: number) => {
      if (i < before) return before - 1 - i + offset;
      return i - before < size ? i - before : 2 * size - 1 - (i - before) - offset;
    };
    const [rows, columns, made] = [height, width, channels].map(
      (size, axis) => size + amounts[2 * axis]! + amounts[2 * axis + 1]!,
    ) as [number, number, number];
    const wanted: number[] = [];
    for (let i = 0; i < rows * columns * made; i++) {
      const y = mirrored(Math.floor(i / (columns * made)), amounts[0], height);
      const x = mirrored(Math.floor(i / made) % columns, amounts[2], width);
      wanted.push((y * width + x) * channels + mirrored(i % made, amounts[4], channels) - 30);
    }
    expect([...output]).toEqual(wanted);
  });

  it("of floats", () => {
    const graph = padded([1, 3, 1], [0, 0, 2, 1, 0, 0], MirrorPadMode.REFLECT, "float32")();
    const made = runFloat(graph, Float32Array.of(0.5, 1, 2)).get(graph.outputs[0]!);
    expect([...made!]).toEqual([2, 1, 0.5, 1, 2, 1]);
  });

  it("refuses a border that is wider than the map", () => {
    const wide = padded([4, 5, 3], [4, 0, 0, 0, 0, 0], MirrorPadMode.REFLECT);
    expect(problemsOf(wide)).toMatchObject([
      { code: "invalid-attribute", found: "a border of 4, 0, 0, 0, 0, 0 around [1, 4, 5, 3]" },
    ]);
  });
});
