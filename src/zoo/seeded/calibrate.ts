import type { ConvLayer, DepthwiseLayer } from "../../ir/builder.ts";
import { mixSeed } from "../pictures/random.ts";
import { seededOffsets } from "./random.ts";
import { item } from "../../ir/known.ts";

/** What one layer's sums tell: the scales and biases that spread its outputs over the int8 range. */
export interface Calibrated {
  /** One float32 scale a channel. */
  readonly weightScales: readonly number[];
  /** In steps of input scale * weight scale. */
  readonly bias: Int32Array;
  readonly outputScale: number;
  readonly outputZeroPoint: number;
}

/** Real values before the activation have this deviation: RELU6's range is three of them wide. */
const DEVIATION = 2;
/** Positions' worth of trust in the layer's average: maps of few positions say little about one channel. */
const PRIOR = 16;

/** Averages over a map lie much closer together than its values: this keeps softmax from making them all alike. */
const SCORE_GAIN = 16;

/**
 * Does what batch normalisation does to a trained network: gives every channel the same deviation and a mean near 1
 * (0 without activation), measured on the sums [positions, K] of each calibration picture. Every activation is cut off
 * at 6 steps of the mean, so that all layers with one share their output's scale and a concatenation needs none of its
 * own. `isScore`: the layer's averages go to softmax. `wanted`: the scale that a kernel behind the layer has for its operand.
 */
export function calibrate(
  layer: ConvLayer | DepthwiseLayer,
  sums: readonly Int32Array[],
  inputScale: number,
  seed: number,
  { isScore = false, wanted }: { readonly isScore?: boolean; readonly wanted?: number | undefined } = {},
): Calibrated {
  const channels = layer.output.channels;
  const { mean, deviation } = moments(sums, channels);
  const linear = layer.activation === "none" && wanted === undefined;
  const gain = isScore ? SCORE_GAIN : 1;
  const offsets = seededOffsets(channels, linear ? 0 : 1, mixSeed(seed, 1));
  const weightScales: number[] = [];
  const bias = new Int32Array(channels);
  for (let k = 0; k < channels; k++) {
    const scale = Math.fround((gain * DEVIATION) / item(deviation, k) / inputScale);
    weightScales.push(scale);
    bias[k] = Math.round((gain * item(offsets, k)) / (inputScale * scale) - item(mean, k));
  }
  const [outputScale, outputZeroPoint] =
    wanted !== undefined ? [wanted, 0] : linear ? [0.1, 0] : [(gain * 6) / 255, -128];
  return { weightScales, bias, outputScale: Math.fround(outputScale), outputZeroPoint };
}

/** Mean and deviation of every channel; the variance is drawn towards the layer's average by PRIOR positions. */
function moments(sums: readonly Int32Array[], channels: number) {
  const mean = new Float64Array(channels);
  const square = new Float64Array(channels);
  let count = 0;
  for (const values of sums) {
    count += values.length / channels;
    for (let i = 0; i < values.length; i += channels) {
      for (let k = 0; k < channels; k++) {
        const v = item(values, i + k);
        mean[k] = item(mean, k) + v;
        square[k] = item(square, k) + v * v;
      }
    }
  }
  const variance = square.map((sum, k) => {
    mean[k] = item(mean, k) / count;
    return Math.max(sum - count * item(mean, k) * item(mean, k), 0) / (count - 1);
  });
  const average = variance.reduce((a, b) => a + b) / channels;
  const deviation = variance.map((own) =>
    Math.sqrt(Math.max((own * count + average * PRIOR) / (count + PRIOR), 1)),
  );
  return { mean, deviation };
}

/** The layer's outputs in steps above the zero point of its output, from the sums of one picture. */
export function outputSteps(
  layer: ConvLayer | DepthwiseLayer,
  sums: Int32Array,
  inputScale: number,
  { weightScales, bias, outputScale, outputZeroPoint }: Calibrated,
): Int16Array {
  const channels = layer.output.channels;
  const low = -128 - outputZeroPoint;
  const factors = weightScales.map((scale) => (scale * inputScale) / outputScale);
  const steps = new Int16Array(sums.length);
  for (let i = 0, k = 0; i < sums.length; i++, k = k + 1 === channels ? 0 : k + 1) {
    const value = Math.round((item(sums, i) + item(bias, k)) * item(factors, k));
    steps[i] = value < low ? low : value > low + 255 ? low + 255 : value;
  }
  return steps;
}
