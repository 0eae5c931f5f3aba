/** Networks with pixels between and around those of a map: every result through the hardware, the last as TFLite's own kernels have it. */
import { describe, expect, it } from "vitest";
import {
  Conv2DField,
  MirrorPadField,
  MirrorPadMode,
  OperatorCode,
  OptionsType,
  ResizeBilinearField,
} from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { elements } from "../../src/ir/shapes.ts";
import { integers } from "../golden/helpers.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";
import { accelerators, outputsAlone } from "./accelerator.ts";

const accelerator = accelerators();

type Shape = readonly number[];

/** Layers with bilinear resizes and mirrored borders between them, and a resize by factors at the end. */
function network(type: "int8" | "uint8") {
  const draft = new Draft(type);
  const draw = integers(29);
  const zero = type === "uint8" ? 120 : -8;
  const map = (shape: Shape) => draft.map(`map ${draft.tensors.length}`, shape, 0.5, zero);
  const conv = (input: number, shape: Shape, kernel: Shape) => {
    const values = Array.from({ length: elements(kernel) }, () => draw(1, 200) - (type === "int8" ? 100 : 0));
    const quantization = Draft.whole(0.002, type === "int8" ? 0 : 100);
    const weights = draft.constant(`w${draft.tensors.length}`, kernel, values, quantization);
    const strides = [int(Conv2DField.strideH, 1), int(Conv2DField.strideW, 1), byte(Conv2DField.padding, 1)];
    const { CONV_2D } = OperatorCode;
    return draft.operator(CONV_2D, [input, weights], map(shape), OptionsType.Conv2DOptions, strides);
  };
  const resized = (input: number, shape: Shape, isAligned: boolean, isHalfPixel: boolean) => {
    const size = draft.ints(`size ${draft.tensors.length}`, [2], shape.slice(1, 3));
    const options = [
      byte(ResizeBilinearField.alignCorners, Number(isAligned)),
      byte(ResizeBilinearField.halfPixelCenters, Number(isHalfPixel)),
    ];
    const { RESIZE_BILINEAR } = OperatorCode;
    return draft.operator(
      RESIZE_BILINEAR,
      [input, size],
      map(shape),
      OptionsType.ResizeBilinearOptions,
      options,
    );
  };
  const mirrored = (input: number, amounts: Shape, shape: Shape, mode: number) => {
    const paddings = draft.ints(`paddings ${draft.tensors.length}`, [4, 2], amounts);
    const options = [byte(MirrorPadField.mode, mode)];
    const { MIRROR_PAD } = OperatorCode;
    return draft.operator(MIRROR_PAD, [input, paddings], map(shape), OptionsType.MirrorPadOptions, options);
  };
  const input = draft.map("in", [1, 5, 6, 3], 0.5, zero);
  const around = mirrored(input, [0, 0, 2, 1, 1, 2, 0, 0], [1, 8, 9, 3], MirrorPadMode.REFLECT);
  const first = conv(around, [1, 6, 7, 12], [12, 3, 3, 3]);
  const twice = resized(first, [1, 12, 14, 12], false, true);
  const second = conv(twice, [1, 10, 12, 10], [10, 3, 3, 12]);
  const half = resized(second, [1, 5, 6, 10], false, true);
  const aligned = resized(half, [1, 9, 21, 10], true, false);
  const border = mirrored(aligned, [0, 0, 1, 1, 0, 3, 0, 0], [1, 11, 24, 10], MirrorPadMode.SYMMETRIC);
  const third = conv(border, [1, 9, 22, 6], [6, 3, 3, 10]);
  const fourfold = resized(third, [1, 18, 88, 6], false, false);
  const end = conv(fourfold, [1, 18, 88, 5], [5, 1, 1, 6]);
  const last = resized(end, [1, 25, 100, 5], false, true);
  return lower(runPasses(draft.import([input], [last, aligned])));
}

describe.each([
  ["int8", "8x8"],
  ["uint8", "4x4"],
] as const)("of %s on %s", (type, array) => {
  it("are bit exact", async () => {
    const own = network(type);
    const { run, outputs } = await outputsAlone(accelerator, own, array);
    expect(run.plan.hostNodes.map(({ kind }) => kind)).toEqual(["resize-bilinear"]);
    expect(new Set([...outputs[0]!].map(Number)).size).toBeGreaterThan(20);
    expect(new Set([...outputs[1]!].map(Number)).size).toBeGreaterThan(20);
  });
});
