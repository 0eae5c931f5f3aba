import type { ConvLayer, DepthwiseLayer } from "../../ir/builder.ts";

/**
 * Sums of products of one layer, before bias and scale. `steps`: the input map in quantisation steps above its zero
 * point, [H, W, C]. Result [H', W', K].
 */
export function layerSums(
  layer: ConvLayer | DepthwiseLayer,
  weights: Int8Array,
  steps: Int16Array,
): Int32Array {
  return layer.kind === "conv"
    ? convSums(layer, spreadGroups(layer, weights), steps)
    : depthwiseSums(layer, weights, steps);
}

/** Weights [K, kh, kw, C], with zeros between channels of different groups. */
function spreadGroups({ groups, input, kernel, output }: ConvLayer, weights: Int8Array): Int16Array {
  if (groups === 1) return Int16Array.from(weights);
  const [channels, outputs] = [input.channels / groups, output.channels / groups];
  const taps = kernel[0] * kernel[1];
  const spread = new Int16Array(output.channels * taps * input.channels);
  for (let row = 0; row < output.channels * taps; row++) {
    const group = Math.floor(row / taps / outputs);
    spread.set(
      weights.subarray(row * channels, (row + 1) * channels),
      row * input.channels + group * channels,
    );
  }
  return spread;
}

/** Multiplies the matrix of patches by the weights, four output channels at a time. */
function convSums(layer: ConvLayer, weights: Int16Array, steps: Int16Array): Int32Array {
  const { input, output, kernel } = layer;
  const length = kernel[0] * kernel[1] * input.channels;
  const pixels = output.height * output.width;
  const isPatch = kernel[0] === 1 && kernel[1] === 1 && pixels === input.height * input.width;
  const patches = isPatch ? steps : gatherPatches(layer, steps);
  const sums = new Int32Array(pixels * output.channels);
  for (let k = 0; k < output.channels; k += 4) {
    // In the last group, channels beyond the end repeat the last one and are written over by its own value.
    const [k0, k1, k2, k3] = [0, 1, 2, 3].map((j) => Math.min(k + j, output.channels - 1)) as Four;
    const [w0, w1, w2, w3] = [k0 * length, k1 * length, k2 * length, k3 * length];
    for (let p = 0; p < pixels; p++) {
      const first = p * length;
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0; i < length; i++) {
        const x = patches[first + i]!;
        a = (a + Math.imul(x, weights[w0 + i]!)) | 0;
        b = (b + Math.imul(x, weights[w1 + i]!)) | 0;
        c = (c + Math.imul(x, weights[w2 + i]!)) | 0;
        d = (d + Math.imul(x, weights[w3 + i]!)) | 0;
      }
      const at = p * output.channels;
      sums[at + k0] = a;
      sums[at + k1] = b;
      sums[at + k2] = c;
      sums[at + k3] = d;
    }
  }
  return sums;
}

type Four = [number, number, number, number];

/** Patches side by side, [H', W', kh * kw * C], zeros where the window leaves the map. */
function gatherPatches(layer: ConvLayer, steps: Int16Array): Int16Array {
  const { input, output, kernel } = layer;
  const patches = new Int16Array(output.height * output.width * kernel[0] * kernel[1] * input.channels);
  let at = 0;
  forEachTap(layer, (from) => {
    if (from >= 0) patches.set(steps.subarray(from, from + input.channels), at);
    at += input.channels;
  });
  return patches;
}

function depthwiseSums(layer: DepthwiseLayer, weights: Int8Array, steps: Int16Array): Int32Array {
  const { input, output, multiplier } = layer;
  const taps = layer.kernel[0] * layer.kernel[1];
  const sums = new Int32Array(output.height * output.width * output.channels);
  let tap = 0;
  forEachTap(layer, (from) => {
    const at = Math.floor(tap / taps) * output.channels;
    const weight = (tap % taps) * output.channels;
    tap++;
    if (from < 0) return;
    for (let c = 0, k = 0; c < input.channels; c++) {
      for (let m = 0; m < multiplier; m++, k++) sums[at + k]! += steps[from + c]! * weights[weight + k]!;
    }
  });
  return sums;
}

/** Visits the taps of every output pixel in row order with their offset in the input, -1 in the padding. */
function forEachTap(layer: ConvLayer | DepthwiseLayer, visit: (from: number) => void): void {
  const { input, output, kernel, stride, padding } = layer;
  for (let oy = 0; oy < output.height; oy++) {
    for (let ox = 0; ox < output.width; ox++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        const y = oy * stride[0] + ky - padding.top;
        for (let kx = 0; kx < kernel[1]; kx++) {
          const x = ox * stride[1] + kx - padding.left;
          const inside = y >= 0 && x >= 0 && y < input.height && x < input.width;
          visit(inside ? (y * input.width + x) * input.channels : -1);
        }
      }
    }
  }
}
