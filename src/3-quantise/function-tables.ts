/** TFLite's functions of single int8 values, written out: what each re-centred input, -128 to 127, becomes. */
import { realCurve } from "../ir/curve.ts";
import type { Curve, FunctionNode, PowerNode } from "../ir/graph.ts";
import type { IntMap } from "../ir/integer.ts";
import * as gemmlowp from "./gemmlowp.ts";
import { roundAway, roundEven } from "../ir/rounding.ts";
import { type Multiplier, multiplyByQuantized, quantizeMultiplier } from "./multiplier.ts";

/** The value of each input, less its zero point, to an output that is clamped to int8. */
export function tableOf(input: IntMap, compute: (value: number) => number): Int8Array {
  return Int8Array.from({ length: 256 }, (_, i) => clampToInt8(compute(i - 128 - input.zeroPoint)));
}

function clampToInt8(value: number): number {
  return Math.min(Math.max(value, -128), 127);
}

/** The table of a function: in fixed point where TFLite's reference kernels have it so, else of float32 values. */
export function functionTable(kind: FunctionNode["kind"], input: IntMap, output: IntMap): Int8Array {
  const isInt8 = input.dtype === "int8" && output.dtype === "int8";
  if (kind === "hard-swish") return hardSwish(input, output);
  if (kind === "logistic" && isInt8 && output.scale === 1 / 256 && output.zeroPoint === -128)
    return fixedPoint(input, gemmlowp.logistic, 8, -128);
  if (kind === "tanh" && isInt8 && output.scale === 1 / 128 && output.zeroPoint === 0)
    return fixedPoint(input, gemmlowp.tanh, 7, 0);
  return floatTable(input, output, FLOAT_FUNCTIONS[kind]);
}

/** As C computes them on float32, each step rounded. */
const FLOAT_FUNCTIONS: Readonly<Record<"logistic" | "tanh" | "elu", (x: number) => number>> = {
  logistic: (x) => Math.fround(1 / Math.fround(1 + Math.fround(Math.exp(-x)))),
  tanh: (x) => Math.fround(Math.tanh(x)),
  elu: (x) => (x < 0 ? Math.fround(Math.fround(Math.exp(x)) - 1) : x),
};

/** Of Firebrick's own quantisation: no framework has it in integers. */
export function powerTable(
  { bias, exponent, factor }: Pick<PowerNode, "bias" | "exponent" | "factor">,
  input: IntMap,
  output: IntMap,
): Int8Array {
  return floatTable(input, output, (x) => Math.fround((bias + factor * x) ** exponent));
}

/** As TFLite fills the tables of the functions that it has. GELU is one of them, the others are of Firebrick's own quantisation. */
export function curveTable(curve: Curve, input: IntMap, output: IntMap): Int8Array {
  if (curve.name === "gelu") return floatTable(input, output, gelu);
  if (curve.name === "gelu-tanh") return floatTable(input, output, geluByTanh);
  const real = realCurve(curve);
  return floatTable(input, output, (x) => Math.fround(real(x)));
}

const { fround } = Math;
const errorFunction = realCurve({ name: "erf" });

/** Source: GeluTransform (kernels/internal/reference/gelu.h), each step in float32. */
function gelu(x: number): number {
  const complement = 1 - errorFunction(fround(x * fround(-Math.SQRT1_2)));
  return fround(fround(0.5 * x) * fround(complement));
}

/** Source: GeluTransformApproximate, there too. */
function geluByTanh(x: number): number {
  const cube = fround(fround(fround(fround(0.044715) * x) * x) * x);
  const angle = fround(fround(Math.sqrt(2 / Math.PI)) * fround(x + cube));
  return fround(fround(0.5 * x) * fround(1 + fround(Math.tanh(angle))));
}

/** Source: ONNX Runtime's QLinearLookupBase: the function of dequantised values, divided by the output's scale, halves to even. */
export function dequantisedTable(real: (x: number) => number, input: IntMap, output: IntMap): Int8Array {
  return tableOf(input, (value) => {
    const computed = Math.fround(real(Math.fround(input.scale * value)));
    return roundEven(Math.fround(computed / output.scale)) + output.zeroPoint;
  });
}

/** Source: LUTPopulate (kernels/internal/common.h) and PopulateLookupTable of ELU: float32 throughout, halves away from zero. */
function floatTable(input: IntMap, output: IntMap, real: (x: number) => number): Int8Array {
  const inverse = Math.fround(1 / output.scale);
  return tableOf(input, (value) => {
    const transformed = real(Math.fround(input.scale * value));
    return roundAway(Math.fround(transformed * inverse)) + output.zeroPoint;
  });
}

/** Source: reference_integer_ops::Logistic and Tanh, with Prepare's multiplier and radius: Q4.27 in, Q0.31 out. */
function fixedPoint(
  input: IntMap,
  compute: (x: number) => number,
  bits: number,
  zeroPoint: number,
): Int8Array {
  const { multiplier, exponent } = quantizeMultiplier(input.scale * 2 ** 27);
  const radius = Math.floor((15 * 2 ** 27) / 2 ** exponent);
  return tableOf(input, (value) => {
    if (Math.abs(value) >= radius) return value < 0 ? -128 : 127;
    const result = compute(multiplyByQuantized(value, multiplier, exponent));
    return gemmlowp.roundingShiftRight(result, 31 - bits) + zeroPoint;
  });
}

const clampToInt16 = (value: number) => Math.min(Math.max(value, -(2 ** 15)), 2 ** 15 - 1);

/** round(a * b / 2^15) of 16-bit numbers, ties upwards, saturated. */
function doublingHighMul16(a: number, b: number): number {
  return clampToInt16(Math.floor((a * b + 2 ** 14) / 2 ** 15));
}

/** A multiplier of 31 bits in 15, rounded; its exponent stays. */
function multiplier16(real: number): { readonly multiplier: number; readonly exponent: number } {
  const { multiplier, exponent } = quantizeMultiplier(real);
  return { multiplier: Math.min((multiplier + 2 ** 15) >> 16, 2 ** 15 - 1), exponent };
}

/** Source: reference_ops::HardSwish and HardSwishPrepare: x * relu6(x + 3) / 6 in 16 bits. */
function hardSwish(input: IntMap, output: IntMap): Int8Array {
  const fineScale = Math.fround(Math.fround(1 / 128) * input.scale);
  const toOutput = multiplier16(Math.fround(fineScale / output.scale));
  const toGate = multiplier16(Math.fround(fineScale / Math.fround(3 / 32768)));
  return tableOf(input, (value) => {
    const fine = value * 128;
    const before = doublingHighMul16(fine, toOutput.multiplier);
    const left = Math.max(toGate.exponent, 0);
    const shifted = left > 0 ? clampToInt16(fine * 2 ** (left - 1)) : fine;
    const scaled = doublingHighMul16(shifted, toGate.multiplier);
    const wide = left > 0 ? clampToInt16(scaled * 2) : scaled;
    const gate = (gemmlowp.roundingShiftRight(wide, Math.max(-toGate.exponent, 0)) + 2 ** 15) >> 1;
    // not rounded, so that the product of the largest gate is not more than the value itself
    const product = Math.trunc((gate * before) / 2 ** 15);
    return gemmlowp.roundingShiftRight(product, -toOutput.exponent) + output.zeroPoint;
  });
}

/** Source: reference_ops::QuantizeLeakyRelu; both factors are divided in float32. */
export function leakyReluTable(alpha: number, input: IntMap, output: IntMap): Int8Array {
  const below = signed(Math.fround(Math.fround(input.scale * Math.fround(alpha)) / output.scale));
  const above = signed(Math.fround(input.scale / output.scale));
  return tableOf(input, (value) => (value >= 0 ? above : below)(value) + output.zeroPoint);
}

/** Source: PreluPrepare (kernels/activations.cc): both factors are divided in float32. */
export function preluFactors(
  alphaScale: number,
  input: IntMap,
  output: IntMap,
): { readonly above: Multiplier; readonly below: Multiplier } {
  return {
    above: quantizeMultiplier(Math.fround(input.scale / output.scale)),
    below: quantizeMultiplier(Math.fround(Math.fround(input.scale * alphaScale) / output.scale)),
  };
}

/** Source: reference_ops::BroadcastPrelu4DSlow for one slope, `alpha` steps of `alphaScale`. */
export function preluTable(alpha: number, alphaScale: number, input: IntMap, output: IntMap): Int8Array {
  const { above, below } = preluFactors(alphaScale, input, output);
  return tableOf(input, (value) => {
    const [factor, scaled] = value >= 0 ? [above, value] : [below, value * alpha];
    return multiplyByQuantized(scaled, factor.multiplier, factor.exponent) + output.zeroPoint;
  });
}

/** Multiplication by a factor that may be below zero. */
function signed(real: number): (value: number) => number {
  const { multiplier, exponent } = quantizeMultiplier(Math.abs(real));
  return (value) => multiplyByQuantized(value, Math.sign(real) * multiplier, exponent);
}
