import { item } from "../../../ir/known.ts";

/** Batch normalisation followed by RELU6, over rows of `channels` values. */
export interface Normalisation {
  readonly channels: number;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  /** Running statistics: what the folded network uses. */
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** What the backward pass needs. */
export interface NormalisationTape {
  /** Normalised input, before gamma and beta; same shape as the output. */
  readonly normalised: Float32Array;
  readonly output: Float32Array;
  /** 1 / standard deviation of the batch, one a channel. */
  readonly inverse: Float64Array;
}

export const epsilon = 1e-3;
/** Share of the old running statistics that a batch keeps. */
const momentum = 0.98;

export function createNormalisation(channels: number): Normalisation {
  return {
    channels,
    gamma: new Float32Array(channels).fill(1),
    beta: new Float32Array(channels),
    mean: new Float32Array(channels),
    variance: new Float32Array(channels).fill(1),
  };
}

/** Normalises `input` with the batch's own statistics, in place, and updates the running ones. */
export function normaliseForward(norm: Normalisation, input: Float32Array): NormalisationTape {
  const { channels, gamma, beta } = norm;
  const rows = input.length / channels;
  const sum = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let i = 0; i < input.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const v = item(input, i + c);
      sum[c] = item(sum, c) + v;
      squares[c] = item(squares, c) + v * v;
    }
  }
  const inverse = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const mean = item(sum, c) / rows;
    const variance = Math.max(0, item(squares, c) / rows - mean * mean);
    sum[c] = mean;
    inverse[c] = 1 / Math.sqrt(variance + epsilon);
    norm.mean[c] = momentum * item(norm.mean, c) + (1 - momentum) * mean;
    norm.variance[c] = momentum * item(norm.variance, c) + (1 - momentum) * variance;
  }
  const output = new Float32Array(input.length);
  for (let i = 0; i < input.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const v = (item(input, i + c) - item(sum, c)) * item(inverse, c);
      input[i + c] = v;
      const y = v * item(gamma, c) + item(beta, c);
      output[i + c] = y < 0 ? 0 : y > 6 ? 6 : y;
    }
  }
  return { normalised: input, output, inverse };
}

/**
 * Turns `gradient` (of the output) into the gradient of the input, in place, and adds to the
 * gradients of gamma and beta.
 */
export function normaliseBackward(
  norm: Normalisation,
  tape: NormalisationTape,
  gradient: Float32Array,
  gammaGradient: Float32Array,
  betaGradient: Float32Array,
): void {
  const { channels, gamma } = norm;
  const { normalised, output, inverse } = tape;
  const rows = gradient.length / channels;
  const sum = new Float64Array(channels);
  const product = new Float64Array(channels);
  for (let i = 0; i < gradient.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const y = item(output, i + c);
      if (y <= 0 || y >= 6) {
        gradient[i + c] = 0;
        continue;
      }
      const g = item(gradient, i + c);
      sum[c] = item(sum, c) + g;
      product[c] = item(product, c) + g * item(normalised, i + c);
    }
  }
  const scale = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    gammaGradient[c] = item(gammaGradient, c) + item(product, c);
    betaGradient[c] = item(betaGradient, c) + item(sum, c);
    scale[c] = item(gamma, c) * item(inverse, c);
    sum[c] = item(sum, c) / rows;
    product[c] = item(product, c) / rows;
  }
  for (let i = 0; i < gradient.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      gradient[i + c] =
        item(scale, c) * (item(gradient, i + c) - item(sum, c) - item(normalised, i + c) * item(product, c));
    }
  }
}
