/** Per-channel symmetric int8 weights. */
import type { FloatLayer } from "./layers.ts";
import { item } from "../../ir/known.ts";

export interface QuantisedWeights {
  readonly values: Int8Array;
  /** float32 values, one an output channel. */
  readonly scales: readonly number[];
}

/** Shares of a channel's largest weight that the largest step may stand for. */
const SHARES = Array.from({ length: 16 }, (_, i) => 1 - i * 0.025);
/** Biases stay below this many steps of their scale, so that sums keep a bit of room. */
const BIAS_STEPS = 2 ** 29;

/**
 * Chooses for every output channel the scale with the least squared error of its output: each weight's error counts as
 * much as the mean square of the channel that it reads (`energy`, by input channel).
 * A channel with tiny weights and a large bias gets a scale that lets the bias fit 32 bits.
 */
export function quantiseWeights(
  layer: FloatLayer,
  energy: Float32Array,
  inputScale: number,
): QuantisedWeights {
  const { weights, outputs, outputOf, inputOf } = layer;
  const most = new Float64Array(outputs);
  for (let i = 0; i < weights.length; i++) {
    most[item(outputOf, i)] = Math.max(item(most, item(outputOf, i)), Math.abs(item(weights, i)));
  }
  const floor = energy.reduce((sum, e) => sum + e, 0) / Math.max(energy.length, 1) / 1e3 || 1;
  const best = new Float64Array(outputs).fill(Infinity);
  const scales = new Float32Array(outputs);
  for (const share of SHARES) {
    const errors = new Float64Array(outputs);
    const tried = Float32Array.from(most, (m, k) => {
      const least = Math.abs(item(layer.bias, k)) / (inputScale * BIAS_STEPS);
      return Math.max((m * share) / 127, least, m === 0 ? 1 / 127 : 0);
    });
    for (let i = 0; i < weights.length; i++) {
      const k = outputOf[i]!;
      const [weight, scale] = [weights[i]!, tried[k]!];
      const difference = weight - scale * step(weight, scale);
      errors[k]! += difference * difference * (energy[inputOf[i]!]! + floor);
    }
    for (let k = 0; k < outputs; k++) {
      if (item(errors, k) >= item(best, k)) continue;
      best[k] = item(errors, k);
      scales[k] = item(tried, k);
    }
  }
  const values = new Int8Array(weights.length);
  for (let i = 0; i < weights.length; i++)
    values[i] = step(item(weights, i), item(scales, item(outputOf, i)));
  return { values, scales: Array.from(scales) };
}

function step(weight: number, scale: number): number {
  return Math.min(127, Math.max(-127, Math.round(weight / scale)));
}
