import type { Layer } from "../network.ts";
import { item } from "../../../ir/known.ts";

/** Values in a gathered patch: kernel * kernel * channels, rounded up to the 4 that `multiplyAdd` wants. */
export function patchDepth(layer: Layer): number {
  return Math.ceil((layer.kernel * layer.kernel * layer.inputChannels) / 4) * 4;
}

/** Every output position's patch as one row: [batch * outputSize^2, patchDepth]; padding is 0. */
export function gatherPatches(layer: Layer, input: Float32Array, batch: number): Float32Array {
  const { kernel, stride, inputSize, inputChannels, outputSize, padding } = layer;
  const depth = patchDepth(layer);
  const out = new Float32Array(batch * outputSize * outputSize * depth);
  let row = 0;
  for (let n = 0; n < batch; n++) {
    for (let p = 0; p < outputSize * outputSize; p++, row += depth) {
      let o = row;
      const top = Math.floor(p / outputSize) * stride - padding;
      const left = (p % outputSize) * stride - padding;
      for (let t = 0; t < kernel * kernel; t++, o += inputChannels) {
        const y = top + Math.floor(t / kernel);
        const x = left + (t % kernel);
        if (y < 0 || y >= inputSize || x < 0 || x >= inputSize) continue;
        const from = ((n * inputSize + y) * inputSize + x) * inputChannels;
        for (let c = 0; c < inputChannels; c++) out[o + c] = input[from + c]!;
      }
    }
  }
  return out;
}

/** Calls `visit` for each pair of input pixel and kernel tap that meet in an output pixel (offsets of channel 0). */
function forEachTap(
  layer: Layer,
  batch: number,
  visit: (input: number, weight: number, output: number) => void,
): void {
  const { kernel, stride, inputSize, outputSize, outputChannels: channels, padding } = layer;
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < outputSize; oy++) {
      for (let ox = 0; ox < outputSize; ox++) {
        const o = ((n * outputSize + oy) * outputSize + ox) * channels;
        for (let ky = 0; ky < kernel; ky++) {
          const y = oy * stride - padding + ky;
          if (y < 0 || y >= inputSize) continue;
          for (let kx = 0; kx < kernel; kx++) {
            const x = ox * stride - padding + kx;
            if (x < 0 || x >= inputSize) continue;
            visit(((n * inputSize + y) * inputSize + x) * channels, (ky * kernel + kx) * channels, o);
          }
        }
      }
    }
  }
}

/** Depthwise convolution; weights [kernel, kernel, channels]. */
export function depthwiseForward(
  layer: Layer,
  input: Float32Array,
  weights: Float32Array,
  batch: number,
): Float32Array {
  const channels = layer.outputChannels;
  const out = new Float32Array(batch * layer.outputSize * layer.outputSize * channels);
  forEachTap(layer, batch, (i, w, o) => {
    for (let c = 0; c < channels; c++) out[o + c]! += input[i + c]! * weights[w + c]!;
  });
  return out;
}

/** Adds the weights' gradient to `weightGradient` and returns the input's. */
export function depthwiseBackward(
  layer: Layer,
  input: Float32Array,
  weights: Float32Array,
  gradient: Float32Array,
  weightGradient: Float32Array,
  batch: number,
): Float32Array {
  const channels = layer.outputChannels;
  const inputGradient = new Float32Array(input.length);
  forEachTap(layer, batch, (i, w, o) => {
    for (let c = 0; c < channels; c++) {
      const g = item(gradient, o + c);
      weightGradient[w + c]! += input[i + c]! * g;
      inputGradient[i + c]! += weights[w + c]! * g;
    }
  });
  return inputGradient;
}

/** Mean over the pixels of a map [batch, pixels, features]. */
export function averagePool(
  map: Float32Array,
  batch: number,
  pixels: number,
  features: number,
): Float32Array {
  const pooled = new Float32Array(batch * features);
  for (let i = 0; i < map.length; i++) {
    pooled[Math.floor(i / (pixels * features)) * features + (i % features)] =
      item(pooled, Math.floor(i / (pixels * features)) * features + (i % features)) + item(map, i) / pixels;
  }
  return pooled;
}

/** The gradient of `averagePool`'s input. */
export function averagePoolBackward(
  gradient: Float32Array,
  batch: number,
  pixels: number,
  features: number,
): Float32Array {
  return new Float32Array(batch * pixels * features).map(
    (_, i) => item(gradient, Math.floor(i / (pixels * features)) * features + (i % features)) / pixels,
  );
}
