/** The generated C of what the host computes, compiled as C99 and run behind maps of the golden model. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { encode } from "flatbuffers/js/flexbuffers.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BinaryField,
  BlockField,
  ConcatenationField,
  GatherField,
  LeakyReluField,
  OperatorCode,
  OptionsType,
  ResizeNearestNeighborField,
  SoftmaxField,
  TensorType,
} from "../../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../../src/2-passes/pipeline.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import type { Plan } from "../../../src/4-schedule/plan.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { outputsOf } from "../../../src/golden/outputs.ts";
import { runGolden } from "../../../src/golden/run.ts";
import type { Graph } from "../../../src/ir/graph.ts";
import type { IntGraph } from "../../../src/ir/integer.ts";
import { known } from "../../../src/ir/known.ts";
import { compileModel } from "../../support/compiled.ts";
import { generator } from "../../support/onnx-runtime.ts";
import { ScaleDraft } from "../../support/scale-draft.ts";
import { byte, Draft, int, type Scalar } from "../../support/tflite-draft.ts";
import type { TfliteOption } from "../../../src/zoo/tflite-writer.ts";
import { noise } from "../../networks/accelerator.ts";

const INPUTS = 5;
const float = (slot: number, value: number) => ({ slot, kind: "float" as const, value });

/** A 1 x 1 convolution of an image [4, 6, 3]; what stands behind it gives the outputs. */
function behindConv(
  type: Scalar,
  channels: number,
  scale: number,
  tail: (draft: Draft, map: number) => readonly number[],
): Graph {
  const draft = new Draft(type);
  const input = draft.map("in", [1, 4, 6, 3]);
  const map = draft.conv(input, draft.map("map", [1, 4, 6, channels], scale, 0), [channels, 1, 1, 3]);
  return draft.import([input], tail(draft, map));
}

const lines = () =>
  behindConv("int8", 7, 0.21, (draft, map) => {
    const shape = [1, 4, 6, 7];
    const place = (axis: number, code: number, type: number) => {
      const options = code === OperatorCode.ARG_MAX ? OptionsType.ArgMaxOptions : OptionsType.ArgMinOptions;
      const output = draft.tensor({ name: `place${axis}`, shape: shape.toSpliced(axis, 1), type });
      return draft.operator(code, [map, draft.ints(`axis${axis}`, [], [axis])], output, options);
    };
    const beta = [float(SoftmaxField.beta, 0.5)];
    const softmax = draft.map("softmax", shape, 1 / 256, -128);
    const wide = draft.tensor({
      ...{ name: "wide", shape, type: TensorType.INT16, quantization: Draft.whole(2 ** -16, -(2 ** 15)) },
    });
    const log = draft.map("log", shape, 1 / 16, 127);
    const l2 = draft.map("l2", shape, 1 / 128, 0);
    return [
      draft.operator(OperatorCode.SOFTMAX, [map], softmax, OptionsType.SoftmaxOptions, beta),
      draft.operator(OperatorCode.SOFTMAX, [map], wide, OptionsType.SoftmaxOptions, beta),
      draft.operator(OperatorCode.LOG_SOFTMAX, [map], log, OptionsType.LogSoftmaxOptions),
      draft.operator(OperatorCode.L2_NORMALIZATION, [map], l2, OptionsType.L2NormOptions),
      place(1, OperatorCode.ARG_MAX, TensorType.INT32),
      place(2, OperatorCode.ARG_MIN, TensorType.INT64),
      place(3, OperatorCode.ARG_MAX, TensorType.INT64),
    ];
  });

const moves = () =>
  behindConv("uint8", 8, 0.5, (draft, map) => {
    const zero = 0;
    const like = (name: string, shape: readonly number[], scale = 0.5) => draft.map(name, shape, scale, zero);
    const part = draft.operator(
      OperatorCode.SLICE,
      [map, draft.ints("begin", [4], [0, 1, 2, 3]), draft.ints("size", [4], [1, 2, 3, 5])],
      like("part", [1, 2, 3, 5]),
      OptionsType.SliceOptions,
    );
    const isAligned = [{ slot: ResizeNearestNeighborField.alignCorners, kind: "byte" as const, value: 0 }];
    const larger = draft.operator(
      OperatorCode.RESIZE_NEAREST_NEIGHBOR,
      [part, draft.ints("larger", [2], [4, 9])],
      like("large", [1, 4, 9, 5]),
      OptionsType.ResizeNearestNeighborOptions,
      isAligned,
    );
    const woven = draft.operator(
      OperatorCode.DEPTH_TO_SPACE,
      [map],
      like("woven", [1, 8, 12, 2]),
      OptionsType.DepthToSpaceOptions,
      [int(BlockField.size, 2)],
    );
    const other = draft.conv(map, like("other", [1, 4, 6, 8], 0.3), [8, 1, 1, 8]);
    const joined = draft.operator(
      OperatorCode.CONCATENATION,
      [map, other],
      like("joined", [1, 8, 6, 8], 0.3),
      OptionsType.ConcatenationOptions,
      [int(ConcatenationField.axis, 1)],
    );
    const logistic = draft.operator(
      OperatorCode.LOGISTIC,
      [joined],
      draft.map("p", [1, 8, 6, 8], 1 / 256, 0),
    );
    const flat = draft.operator(
      OperatorCode.RESHAPE,
      [logistic],
      draft.map("flat", [1, 384], 1 / 256, 0),
      OptionsType.ReshapeOptions,
    );
    const real = draft.tensor({ name: "real", shape: [1, 384], type: TensorType.FLOAT32 });
    draft.operator(OperatorCode.DEQUANTIZE, [flat], real, OptionsType.DequantizeOptions);
    return [larger, woven, joined, real, map];
  });

/** Integer operators behind what only the host computes, rows put together. */
const behindRows = (type: Scalar) => () =>
  behindConv(type, 6, 0.5, (draft, map) => {
    const zero = type === "uint8" ? 3 : -4;
    const like = (shape: readonly number[], scale = 0.5) =>
      draft.map(`m${draft.tensors.length}`, shape, scale, zero);
    const rows = (a: number, b: number) =>
      draft.operator(
        OperatorCode.CONCATENATION,
        [a, b],
        like([1, 8, 6, 6]),
        OptionsType.ConcatenationOptions,
        [int(ConcatenationField.axis, 1)],
      );
    const rescaled = draft.conv(map, like([1, 4, 6, 6]), [6, 1, 1, 6]);
    const all = rows(rescaled, rescaled);
    const pair = (code: number, options: number, other: number) => {
      const slots = options === OptionsType.MaximumMinimumOptions ? [] : [byte(BinaryField.activation, 0)];
      return draft.operator(
        code,
        [all, other],
        like([1, 8, 6, 6], options === 39 ? 0.5 : 0.9),
        options,
        slots,
      );
    };
    const values = Array.from({ length: 8 }, (_, i) => 10 * i);
    const column = draft.constant("column", [1, 8, 1, 1], values, Draft.whole(0.5, zero));
    const pixel = draft.operator(
      OperatorCode.MEAN,
      [all, draft.ints("axes", [2], [1, 2])],
      like([1, 6], 0.3),
      27,
    );
    const gate = draft.operator(
      OperatorCode.RESHAPE,
      [pixel],
      like([1, 1, 1, 6], 0.3),
      OptionsType.ReshapeOptions,
    );
    const pool = (code: number, shape: readonly number[]) =>
      draft.pool(code, all, like(shape), [3, 2], { padding: "SAME", stride: [2, 1] });
    const amounts = draft.ints("amounts", [4, 2], [0, 0, 1, 2, 0, 1, 2, 1]);
    const padded = draft.operator(
      OperatorCode.PAD,
      [all, amounts],
      like([1, 11, 7, 9]),
      OptionsType.PadOptions,
    );
    const places = draft.ints("places", [6], [3, 0, 5, 1, 4, 2]);
    const order = draft.operator(
      ...([OperatorCode.GATHER, [all, places], like([1, 8, 6, 6]), OptionsType.GatherOptions] as const),
      [int(GatherField.axis, 3)],
    );
    const size = draft.ints("size", [2], [11, 9]);
    return [
      pair(OperatorCode.ADD, OptionsType.AddOptions, gate),
      pair(OperatorCode.SUB, OptionsType.SubOptions, column),
      pair(OperatorCode.MUL, OptionsType.MulOptions, gate),
      pair(OperatorCode.MAXIMUM, OptionsType.MaximumMinimumOptions, column),
      ...[pixel, padded, order],
      pool(OperatorCode.MAX_POOL_2D, [1, 4, 6, 6]),
      pool(OperatorCode.AVERAGE_POOL_2D, [1, 4, 6, 6]),
      draft.operator(
        OperatorCode.RESIZE_BILINEAR,
        [all, size],
        like([1, 11, 9, 6]),
        OptionsType.ResizeBilinearOptions,
      ),
    ];
  });

/** Boxes and scores from two convolutions. */
const detections = (options: Readonly<Record<string, number | boolean>>) => () =>
  behindConv("uint8", 8, 0.5, (draft, map) => {
    const head = (name: string, scale: number, zero: number, last: number) => {
      const made = draft.conv(map, draft.map(name, [1, 4, 6, last], scale, zero), [last, 1, 1, 8]);
      const shape = [1, 24, last];
      return draft.operator(OperatorCode.RESHAPE, [made], draft.map(`${name}s`, shape, scale, zero), 17);
    };
    const boxes = head("box", 0.13, 110, 4);
    const scores = head("score", 1 / 64, 3, 6);
    const anchors = Float32Array.from({ length: 96 }, (_, i) => ((i * 29) % 17) / 17 + (i % 4 > 1 ? 0.3 : 0));
    const stored = draft.tensor({
      ...{ name: "anchors", shape: [24, 4], type: TensorType.FLOAT32 },
      data: new Uint8Array(anchors.buffer),
    });
    const outputs = [[1, 1, 4], [1, 1], [1, 1], [1]].map((shape, i) =>
      draft.tensor({ name: `out${i}`, shape, type: TensorType.FLOAT32 }),
    );
    draft.operators.push({
      ...{ code: OperatorCode.CUSTOM, version: 1, inputs: [boxes, scores, stored], outputs },
      ...{ optionsType: 0, options: [] },
      custom: {
        name: "TFLite_Detection_PostProcess",
        options: encode({
          ...{ max_detections: 9, max_classes_per_detection: 1, num_classes: 5 },
          ...{ nms_score_threshold: 0.3, nms_iou_threshold: 0.4 },
          ...{ y_scale: 10, x_scale: 9.3, h_scale: 5, w_scale: 4.7 },
          ...options,
        }),
      },
    });
    return outputs;
  });

/** ONNX: outputs in the file's own order of axes, a softmax along rows. */
const transposed = () => {
  const next = generator(21);
  const draft = new ScaleDraft("uint8", 0.02, 0.05, [1, 3, 4, 6], next);
  const weights = draft.weights("w", [5, 3, 1, 1], 0.02);
  const map = draft.through(draft.node("Conv", [draft.real(), weights], "conv"), draft.scale(0.04, 5));
  draft.node("Softmax", [map], "rows", { axis: 2 });
  draft.node("Softmax", [map], "channels", { axis: 1 });
  draft.node("ArgMax", [map], "place", { axis: 3, keepdims: 0, select_last_index: 1 });
  return draft.import(["rows", "channels", "place"]);
};

/** ONNX: resizes in float32, with and without ties and between scales. */
const resizes = () => {
  const next = generator(25);
  const draft = new ScaleDraft("uint8", 0.02, 0.05, [1, 3, 4, 6], next);
  const scale = draft.scale(0.04, 5);
  const map = draft.through(
    draft.node("Conv", [draft.real(), draft.weights("w", [5, 3, 1, 1], 0.02)], "conv"),
    scale,
  );
  const resize = (name: string, sides: readonly number[], place: string, to: readonly string[]) => {
    const sizes = draft.constant(`${name}/sizes`, [4], [1, 5, ...sides], "int64");
    const attributes = { mode: "linear", coordinate_transformation_mode: place };
    const real = draft.node("Resize", [map, "", "", sizes], `${name}/real`, attributes);
    return draft.node("QuantizeLinear", [real, ...to], name);
  };
  resize("twice", [8, 12], "half_pixel", scale);
  resize("odd", [12, 7], "asymmetric", scale);
  resize("other", [7, 9], "align_corners", draft.scale(0.0317, -9));
  return draft.import(["twice", "odd", "other"]);
};

/** ONNX: a head whose axes are split and moved, with functions behind it, and an output in an order of its own. */
const moved = () => {
  const next = generator(27);
  const draft = new ScaleDraft("uint8", 0.02, 0.05, [1, 3, 4, 6], next);
  const conv = draft.node("Conv", [draft.real(), draft.weights("w", [10, 3, 1, 1], 0.02)], "conv");
  const map = draft.through(conv, draft.scale(0.011, 5));
  const list = (name: string, values: readonly number[]) =>
    draft.constant(name, [values.length], values, "int64");
  const split = draft.node("Reshape", [map, list("split", [1, 2, 5, 4, 6])], "apart");
  const heads = draft.node("Transpose", [split], "heads", { perm: [0, 1, 3, 4, 2] });
  draft.node("Exp", [heads], "grown");
  draft.node("Pow", ["grown", draft.constant("two", [], [2])], "squares");
  const flat = draft.node("Reshape", ["squares", list("flat", [1, -1, 5])], "flat/squares");
  draft.node(
    "Concat",
    [flat, draft.node("Reshape", ["grown", list("other", [1, -1, 5])], "flat/grown")],
    "joined",
    { axis: 1 },
  );
  draft.through("joined", draft.scale(0.13, -100));
  return draft.import(["heads", "joined", "joined/d"]);
};

/** Float operators behind dequantisations, one output an operator. */
const reals = () =>
  behindConv("int8", 6, 0.07, (draft, map) => {
    const shape = [1, 4, 6, 6];
    const value = (own: readonly number[]) =>
      draft.tensor({ name: `real ${draft.tensors.length}`, shape: own, type: TensorType.FLOAT32 });
    const stored = (own: readonly number[], values: readonly number[]) =>
      draft.tensor({
        ...{ name: `constant ${draft.tensors.length}`, shape: own, type: TensorType.FLOAT32 },
        data: new Uint8Array(Float32Array.from(values).buffer),
      });
    const real = draft.operator(OperatorCode.DEQUANTIZE, [map], value(shape), OptionsType.DequantizeOptions);
    const of = (code: number, inputs: readonly number[], type = 0, slots: readonly TfliteOption[] = []) =>
      draft.operator(code, inputs, value(shape), type, slots);
    const channel = stored([6], [1, 0.1, -3, 2, 0, -0.3]);
    const pixel = stored(
      [1, 4, 6, 1],
      Array.from({ length: 24 }, (_, i) => (i - 11) / 7),
    );
    const logistic = of(OperatorCode.LOGISTIC, [real]);
    const product = of(OperatorCode.MUL, [real, pixel], OptionsType.MulOptions);
    const joined = draft.operator(
      ...([OperatorCode.CONCATENATION, [logistic, product], value([1, 4, 12, 6])] as const),
      ...([OptionsType.ConcatenationOptions, [int(ConcatenationField.axis, 2)]] as const),
    );
    const ends = [draft.ints("begin", [4], [0, 1, 3, 2]), draft.ints("size", [4], [1, 2, 7, 3])];
    return [
      of(OperatorCode.HARD_SWISH, [real]),
      of(OperatorCode.TANH, [real]),
      of(OperatorCode.RELU6, [real]),
      of(OperatorCode.LEAKY_RELU, [real], OptionsType.LeakyReluOptions, [float(LeakyReluField.alpha, 0.3)]),
      of(OperatorCode.SOFTMAX, [real], OptionsType.SoftmaxOptions, [float(SoftmaxField.beta, 0.7)]),
      of(OperatorCode.LOG_SOFTMAX, [real], OptionsType.LogSoftmaxOptions),
      of(OperatorCode.SUB, [channel, real], OptionsType.SubOptions, [byte(BinaryField.activation, 1)]),
      of(OperatorCode.MINIMUM, [logistic, product], OptionsType.MaximumMinimumOptions),
      of(OperatorCode.MAXIMUM, [logistic, channel], OptionsType.MaximumMinimumOptions),
      of(OperatorCode.ADD, [logistic, product], OptionsType.AddOptions),
      draft.operator(OperatorCode.SLICE, [joined, ...ends], value([1, 2, 7, 3]), OptionsType.SliceOptions),
    ];
  });

/** ONNX: layers that nothing quantises, in every order of sums, and one of exact ones. */
const lastLayers = () => {
  const next = generator(23);
  const draft = new ScaleDraft("uint8", 0.02, 0.05, [1, 6, 4, 6], next);
  const first = draft.node("Conv", [draft.real(), draft.weights("first", [8, 6, 1, 1], 0.02)], "conv");
  const map = draft.through(first, draft.scale(0.04, 5));
  const bias = draft.constant("b", [7], [1, -2, 0.3, 4, 5, -0.6, 7]);
  const conv = (name: string, shape: readonly number[], more: readonly string[], group: number) =>
    draft.node("Conv", [map, draft.weights(`${name}/w`, shape, 0.013), ...more], name, {
      ...{ group, pads: [1, 0, 1, 1], strides: [2, 1] },
    });
  conv("blocks", [7, 8, 3, 2], [bias], 1);
  conv("fours", [8, 1, 3, 2], [], 8);
  conv("limited", [4, 4, 3, 2], [], 2);
  const flat = draft.node("Reshape", [map, draft.constant("flat", [2], [1, 192], "int64")], "flattened");
  draft.node("Gemm", [flat, draft.weights("exact/w", [192, 7], 0.009)], "exact");
  draft.node("Gemm", [flat, draft.weights("eights/w", [7, 192], 0.009), bias], "eights", { transB: 1 });
  draft.node("Relu", ["limited"], "positive");
  return draft.import(["blocks", "fours", "positive", "exact", "eights"]);
};

const networks: Readonly<Record<string, () => Graph>> = {
  "operators on lines": lines,
  "moves, tables and real values": moves,
  "operators of int8 behind rows": behindRows("int8"),
  "operators of uint8 behind rows": behindRows("uint8"),
  "outputs in another order": transposed,
  "resizes in float32": resizes,
  "moved axes of a head": moved,
  "float operators": reals,
  "layers that nothing quantises": lastLayers,
  "detection by the best class": detections({ max_classes_per_detection: 2 }),
  "detection of each class": detections({ use_regular_nms: true, detections_per_class: 4 }),
};

/** Gives the maps of standard input in the accelerator's place, writes the results. */
const main = ({ graph, outputs }: Plan) => `
#include <stdio.h>
#include "firebrick_host.h"
static const unsigned sizes[] = { ${outputs.map(({ map }) => sizeOf(graph, map)).join(", ")} };
void fb_get_output(const fb_device *device, unsigned index, int8_t *values)
{
    (void)device;
    if (fread(values, 1, sizes[index], stdin) != sizes[index]) values[0] = 0;
}
static fb_results results;
int main(void)
{
    int i;
    for (i = 0; i < ${INPUTS}; i++) {
        fb_get_results(NULL, &results);
        ${graph.outputs.map((_, i) => `fwrite(results.output${i}, sizeof results.output${i}, 1, stdout);`).join("\n        ")}
    }
    return 0;
}
`;

function sizeOf({ maps }: IntGraph, id: number): number {
  const { channels, height, width } = known(maps.get(id), "a map");
  return channels * height * width;
}

describe("what the host computes, in C", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "firebrick-host-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.entries(networks))("%s: every byte of the golden model", async (_, make) => {
    const graph = lower(runPasses(make()));
    const board = boardByName("pynq-z2");
    const { files, plan } = compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8, board });
    for (const file of ["firebrick.h", "firebrick_host.h", "firebrick_host.c"])
      writeFileSync(join(folder, file), known(files.get(`driver/${file}`), file));
    writeFileSync(join(folder, "main.c"), main(plan));
    const strict = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2"];
    const sources = ["main.c", "firebrick_host.c"];
    await execa("gcc", [...strict, ...sources, "-o", "host", "-lm"], { cwd: folder });
    const results = Array.from({ length: INPUTS }, (_, seed) => runGolden(graph, noise(graph, seed + 1)));
    const given = results.flatMap(({ maps }) =>
      plan.outputs.map(({ map }) => Buffer.from(known(maps.get(map), "a handed over map"))),
    );
    writeFileSync(join(folder, "maps.bin"), Buffer.concat(given));
    const { stdout } = await execa(join(folder, "host"), {
      ...{ cwd: folder, inputFile: join(folder, "maps.bin") },
      encoding: "buffer",
    });
    const wanted = results.flatMap((result) =>
      outputsOf(result).map(({ buffer, byteLength, byteOffset }) =>
        Buffer.from(buffer, byteOffset, byteLength),
      ),
    );
    expect(Buffer.concat(wanted).equals(Buffer.from(stdout))).toBe(true);
    expect(new Set(stdout).size).toBeGreaterThan(10);
    // what is called is there, and nothing else
    expect(readFileSync(join(folder, "firebrick_host.c"), "utf8")).not.toContain("undefined");
  });
});
