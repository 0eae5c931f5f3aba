/** Attributes that other tools are known to ignore, in TFLite files: each changes the graph, or is reported. */
import { describe, expect, it } from "vitest";
import {
  GeluField,
  OperatorCode,
  OptionsType,
  Pool2DField,
  ReducerField,
} from "../../src/1-import/tflite/schema.ts";
import { codesOf } from "../support/problems.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";

const SAME = 0;
const VALID = 1;

/** A pool of 3x2 windows with stride 2x1 over [1, 8, 9, 3]. */
function pooled(code: number, padding: number, rows: number, columns: number) {
  const draft = new Draft();
  const [input, output] = [draft.map("in", [1, 8, 9, 3]), draft.map("out", [1, rows, columns, 3])];
  draft.operator(code, [input], output, OptionsType.Pool2DOptions, [
    byte(Pool2DField.padding, padding),
    int(Pool2DField.strideH, 2),
    int(Pool2DField.strideW, 1),
    int(Pool2DField.filterHeight, 3),
    int(Pool2DField.filterWidth, 2),
    byte(Pool2DField.activation, 1),
  ]);
  return draft.import([input], [output]).nodes[0];
}

describe.each([
  ["average-pool", OperatorCode.AVERAGE_POOL_2D],
  ["max-pool", OperatorCode.MAX_POOL_2D],
] as const)("%s", (kind, code) => {
  it("with SAME pads the far side and counts only the map's own values", () => {
    const padding = { top: 0, left: 0, bottom: 1, right: 1 };
    const window = { kernel: [3, 2], stride: [2, 1], dilation: [1, 1], padding };
    expect(pooled(code, SAME, 4, 9)).toMatchObject({
      kind,
      ...window,
      countPadding: false,
      activation: "relu",
    });
  });

  it("with VALID drops the rows that no whole window covers", () => {
    expect(pooled(code, VALID, 3, 8)).toMatchObject({ padding: { top: 0, left: 0, bottom: 0, right: 0 } });
    // Rounded up there would be four rows: TFLite has no ceil_mode.
    expect(codesOf(() => pooled(code, VALID, 4, 8))).toEqual(["shape-mismatch"]);
  });
});

describe("convolutions", () => {
  it("depthwise, dilated and strided", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 9, 9, 2]), draft.map("out", [1, 5, 7, 4])];
    draft.depthwise(input, output, [1, 3, 3, 4], { padding: "VALID", dilation: [2, 1] });
    const [node] = draft.import([input], [output]).nodes;
    expect(node).toMatchObject({ kind: "depthwise", dilation: [2, 1], stride: [1, 1], multiplier: 2 });
  });

  it("refuse weights whose channels are no group of the map's", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4, 4, 4]), draft.map("out", [1, 4, 4, 4])];
    draft.conv(input, output, [4, 1, 1, 3]);
    expect(codesOf(() => draft.import([input], [output]))).toEqual(["shape-mismatch"]);
  });
});

describe("MEAN", () => {
  const mean = (keepDims: boolean, shape: readonly number[]) => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4, 5, 3]), draft.map("out", [...shape])];
    const axes = draft.ints("axes", [2], [1, -2]);
    draft.operator(OperatorCode.MEAN, [input, axes], output, OptionsType.ReducerOptions, [
      byte(ReducerField.keepDims, Number(keepDims)),
    ]);
    return draft.import([input], [output]).nodes[0];
  };

  it.each([
    [true, [1, 1, 1, 3]],
    [false, [1, 3]],
  ])("with keep_dims %s", (keepDims, shape) => {
    expect(mean(keepDims, shape)).toMatchObject({ kind: "mean", keepDims });
    expect(codesOf(() => mean(!keepDims, shape))).toEqual(["shape-mismatch"]);
  });
});

describe("GELU", () => {
  it.each([
    [0, "gelu"],
    [1, "gelu-tanh"],
  ])("whose approximate is %i is %s", (approximate, name) => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4, 4, 3]), draft.map("out", [1, 4, 4, 3])];
    draft.operator(OperatorCode.GELU, [input], output, OptionsType.GeluOptions, [
      byte(GeluField.approximate, approximate),
    ]);
    expect(draft.import([input], [output]).nodes).toMatchObject([{ kind: "curve", curve: { name } }]);
  });
});
