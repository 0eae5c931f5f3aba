/** TRANSPOSE_CONV as convolutions that are woven together, against the reference kernel's own loops. */
import { describe, expect, it } from "vitest";
import {
  OperatorCode,
  OptionsType,
  PaddingScheme,
  TransposeConvField,
} from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { quantizeMultiplier } from "../../src/3-quantise/multiplier.ts";
import { runFloat } from "../../src/3-quantise/float-run.ts";
import { requantiser, single } from "../../src/golden/requantise.ts";
import { runGolden } from "../../src/golden/run.ts";
import { elements } from "../../src/ir/shapes.ts";
import { integers } from "../golden/helpers.ts";
import { problemsOf } from "../support/problems.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";

interface Case {
  readonly map: readonly [number, number, number];
  /** [K, kh, kw]. */
  readonly kernel: readonly [number, number, number];
  readonly stride: readonly [number, number];
  readonly scheme: "SAME" | "VALID";
  readonly made: readonly [number, number];
}

const cases: Case[] = [
  { map: [4, 5, 3], kernel: [4, 3, 3], stride: [2, 2], scheme: "SAME", made: [8, 10] },
  { map: [4, 5, 3], kernel: [4, 2, 2], stride: [2, 2], scheme: "VALID", made: [8, 10] },
  { map: [4, 3, 2], kernel: [5, 3, 4], stride: [2, 3], scheme: "VALID", made: [9, 10] },
  { map: [3, 4, 2], kernel: [3, 5, 5], stride: [2, 2], scheme: "SAME", made: [5, 7] },
  { map: [3, 4, 2], kernel: [3, 1, 2], stride: [3, 2], scheme: "SAME", made: [9, 8] },
  { map: [3, 3, 2], kernel: [2, 3, 3], stride: [1, 1], scheme: "SAME", made: [3, 3] },
  { map: [3, 3, 2], kernel: [2, 4, 4], stride: [1, 2], scheme: "VALID", made: [6, 8] },
];

const draw = integers(23);
const SCALES = [0.002, 0.003, 0.0017, 0.0025, 0.001];

function drafted({ map, kernel, stride, scheme, made }: Case, type: "int8" | "float32") {
  const draft = new Draft(type);
  const [K, kh, kw] = kernel;
  const input = draft.map("in", [1, ...map], 0.5, 7);
  const output = draft.map("out", [1, ...made, K], 0.25, -9);
  const shape = [K, kh, kw, map[2]];
  const weights = Array.from({ length: elements(shape) }, () => draw(-127, 127));
  const scales = SCALES.slice(0, K);
  const quantization = { scales, zeroPoints: scales.map(() => 0), axis: 0 };
  const bias = Array.from({ length: K }, () => draw(-2000, 2000));
  const operands = [
    draft.ints("shape", [4], [1, ...made, K]),
    draft.constant("w", shape, weights, quantization),
    input,
    type === "int8" ? draft.ints("b", [K], bias) : draft.constant("b", [K], bias),
  ];
  draft.operator(OperatorCode.TRANSPOSE_CONV, operands, output, OptionsType.TransposeConvOptions, [
    byte(TransposeConvField.padding, PaddingScheme[scheme]),
    int(TransposeConvField.strideH, stride[0]),
    int(TransposeConvField.strideW, stride[1]),
  ]);
  return { import: () => draft.import([input], [output]), weights, bias };
}

/** The reference kernel's sums: each input adds its products to the outputs that its window covers. */
function sums(
  { map, kernel, stride, scheme, made }: Case,
  input: readonly number[],
  weights: readonly number[],
) {
  const [H, W, C] = map;
  const [K, kh, kw] = kernel;
  const crop = [0, 1].map((axis) => {
    const forward = Math.ceil(made[axis]! / stride[axis]!);
    const total = Math.max(0, (forward - 1) * stride[axis]! + kernel[axis + 1]! - made[axis]!);
    return scheme === "SAME" ? Math.floor(total / 2) : 0;
  });
  const out = new Array<number>(made[0] * made[1] * K).fill(0);
  for (let y = 0; y < H; y++)
    for (let x = 0; x < W; x++)
      for (let fy = 0; fy < kh; fy++)
        for (let fx = 0; fx < kw; fx++) {
          const [oy, ox] = [y * stride[0] + fy - crop[0]!, x * stride[1] + fx - crop[1]!];
          if (oy < 0 || ox < 0 || oy >= made[0] || ox >= made[1]) continue;
          for (let k = 0; k < K; k++)
            for (let c = 0; c < C; c++)
              out[(oy * made[1] + ox) * K + k]! +=
                input[(y * W + x) * C + c]! * weights[((k * kh + fy) * kw + fx) * C + c]!;
        }
  return out;
}

describe.each(cases)("$map by $kernel, stride $stride, $scheme to $made", (one) => {
  it("is TFLite's for int8 with scales a channel", () => {
    const draft = drafted(one, "int8");
    const graph = lower(runPasses(draft.import()));
    const values = Int8Array.from({ length: elements(one.map) }, () => draw(-128, 127));
    const found = runGolden(graph, values).maps.get(graph.outputs[0]!)!;
    const centred = Array.from(values, (value) => value - 7);
    const K = one.kernel[0];
    const wanted = sums(one, centred, draft.weights).map((sum, i) => {
      const scale = Math.fround(SCALES[i % K]!);
      const factor = quantizeMultiplier((0.5 * scale) / 0.25);
      return requantiser(single(factor), -9, undefined)(sum + draft.bias[i % K]!, 0);
    });
    expect([...found]).toEqual(wanted);
    expect(new Set(wanted).size).toBeGreaterThan(10);
  });

  it("sums the same products of floats", () => {
    const draft = drafted(one, "float32");
    const graph = draft.import();
    const values = Array.from({ length: elements(one.map) }, () => draw(-9, 9));
    const found = runFloat(graph, Float32Array.from(values)).get(graph.outputs[0]!)!;
    const K = one.kernel[0];
    expect([...found]).toEqual(sums(one, values, draft.weights).map((sum, i) => sum + draft.bias[i % K]!));
  });
});

it("refuses strides of 0 and weights of other channels", () => {
  const plain = cases[0]!;
  expect(problemsOf(drafted({ ...plain, stride: [0, 2], made: [8, 10] }, "int8").import)).toMatchObject([
    { code: "invalid-attribute" },
  ]);
});
