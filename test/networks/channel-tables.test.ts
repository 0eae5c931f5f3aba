/** Slopes and limits of channels between layers, through the hardware. */
import { expect, it } from "vitest";
import { Conv2DField, OperatorCode, OptionsType } from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { elements } from "../../src/ir/shapes.ts";
import { integers } from "../golden/helpers.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";
import { accelerators, outputsAlone } from "./accelerator.ts";

const accelerator = accelerators();

/** Convolutions with PRELU behind them, of slopes of one sign and of both, a MAXIMUM of channels between. */
function network(type: "int8" | "uint8") {
  const draft = new Draft(type);
  const draw = integers(31);
  const shift = type === "uint8" ? 128 : 0;
  const map = (channels: number, zero: number, scale = 0.5) =>
    draft.map(`map ${draft.tensors.length}`, [1, 6, 7, channels], scale, zero + shift);
  const list = (count: number, low: number, high: number) =>
    Array.from({ length: count }, () => draw(low, high) + shift);
  const conv = (input: number, from: number, to: number, side: number) => {
    const kernel = [to, side, side, from];
    const quantization = Draft.whole(0.002, shift);
    const values = list(elements(kernel), -100, 100);
    const weights = draft.constant(`w${draft.tensors.length}`, kernel, values, quantization);
    const options = [int(Conv2DField.strideH, 1), int(Conv2DField.strideW, 1), byte(Conv2DField.padding, 0)];
    const { CONV_2D } = OperatorCode;
    return draft.operator(CONV_2D, [input, weights], map(to, -9), OptionsType.Conv2DOptions, options);
  };
  const withChannels = (code: number, input: number, values: number[], output: number, zeroPoint = 0) => {
    const quantization = Draft.whole(0.011, zeroPoint + shift);
    const { length } = values;
    const constant = draft.constant(`c${draft.tensors.length}`, [1, 1, length], values, quantization);
    return draft.operator(code, [input, constant], output);
  };
  const { MAXIMUM, PRELU } = OperatorCode;
  const input = draft.map("in", [1, 6, 7, 3], 0.5, 4 + shift);
  const first = conv(input, 3, 20, 3);
  const rising = withChannels(PRELU, first, list(20, 0, 127), map(20, -30, 0.4));
  const second = conv(rising, 20, 12, 1);
  const both = withChannels(PRELU, second, list(12, -128, 127), map(12, 10, 0.7), -2);
  const limited = withChannels(MAXIMUM, both, list(12, -40, 40), map(12, 10, 0.7), 10);
  const third = conv(limited, 12, 5, 3);
  const last = withChannels(PRELU, third, list(5, -10, 60), map(5, 0, 0.5));
  return lower(runPasses(draft.import([input], [last, both])));
}

it.each([
  ["int8", "8x8"],
  ["uint8", "4x4"],
] as const)("of %s on %s are bit exact", async (type, array) => {
  const own = network(type);
  const { run, outputs } = await outputsAlone(accelerator, own, array);
  expect(run.plan.hostNodes.map(({ kind }) => kind)).toEqual(["lookup"]);
  expect(new Set([...outputs[1]!].map(Number)).size).toBeGreaterThan(20);
});
