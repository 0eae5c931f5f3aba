import type {
  AveragePoolLayer,
  BinaryLayer,
  ConcatLayer,
  MaxPoolLayer,
  NetworkMap,
  SoftmaxLayer,
} from "../../ir/builder.ts";
import { assert, InputError } from "../../ir/errors.ts";
import { item } from "../../ir/known.ts";

/** A map while the network is calibrated: its scale and, for each picture, its values above the zero point. */
export interface Activations {
  readonly scale: number;
  readonly zeroPoint: number;
  readonly steps: readonly Int16Array[];
}

/**
 * Layers without weights: what they make of the calibration pictures, and the scale of it. `wanted`: what a kernel behind a
 * sum or product has as the scale of its operand.
 */
export function moveValues(
  layer: MaxPoolLayer | AveragePoolLayer | ConcatLayer | BinaryLayer | SoftmaxLayer,
  inputs: readonly Activations[],
  wanted?: number,
): Activations {
  const [first, second] = inputs;
  assert(first, `${layer.name} has an input`);
  switch (layer.kind) {
    case "max-pool":
      return { ...first, steps: first.steps.map((steps) => maxPool(layer, steps)) };
    case "average-pool":
      return { ...first, steps: first.steps.map((steps) => globalAverage(layer.input, steps)) };
    case "concat": {
      const other = inputs.find(
        ({ scale, zeroPoint }) => scale !== first.scale || zeroPoint !== first.zeroPoint,
      );
      if (other !== undefined)
        throw new InputError({
          code: "unsupported-quantization",
          node: layer.name,
          found: `a concatenation of maps of scales ${first.scale} and ${other.scale}, zero points ${first.zeroPoint} and ${other.zeroPoint}`,
          supported: "maps of one scale and zero point, as layers with the same activation make them",
          fix: "give all layers in front of the concatenation the same activation, or quantise a trained network with `firebrick quantize`",
        });
      const parts = first.steps.map((_, i) => inputs.map((map) => item(map.steps, i)));
      return { ...first, steps: parts.map((steps) => concat(layer, steps)) };
    }
    case "add":
    case "multiply":
      assert(second, `${layer.name} has two inputs`);
      return combineMaps(layer, first, second, wanted);
    case "softmax":
      // Ends a network; nothing is calibrated behind it.
      return { scale: 1 / 256, zeroPoint: -128, steps: [] };
  }
}

function maxPool({ input, output, kernel, stride, padding }: MaxPoolLayer, steps: Int16Array): Int16Array {
  const { channels } = input;
  const result = new Int16Array(output.height * output.width * channels);
  let at = 0;
  for (let oy = 0; oy < output.height; oy++) {
    const [top, bottom] = inside(oy * stride[0] - padding.top, kernel[0], input.height);
    for (let ox = 0; ox < output.width; ox++, at += channels) {
      const [left, right] = inside(ox * stride[1] - padding.left, kernel[1], input.width);
      for (let c = 0; c < channels; c++) {
        let largest = -Infinity;
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) {
            largest = Math.max(largest, item(steps, (y * input.width + x) * channels + c));
          }
        }
        result[at + c] = largest;
      }
    }
  }
  return result;
}

/** First and behind the last position of a window that lie on the map. */
function inside(start: number, length: number, size: number): [number, number] {
  return [Math.max(start, 0), Math.min(start + length, size)];
}

function globalAverage({ channels }: NetworkMap, steps: Int16Array): Int16Array {
  const sums = new Float64Array(channels);
  steps.forEach((v, i) => (sums[i % channels] = item(sums, i % channels) + v));
  return Int16Array.from(sums, (sum) => Math.round((sum * channels) / steps.length));
}

function concat({ inputs, output }: ConcatLayer, parts: readonly Int16Array[]): Int16Array {
  const pixels = output.height * output.width;
  const result = new Int16Array(pixels * output.channels);
  let first = 0;
  inputs.forEach(({ channels }, i) => {
    for (let p = 0; p < pixels; p++) {
      result.set(item(parts, i).subarray(p * channels, (p + 1) * channels), p * output.channels + first);
    }
    first += channels;
  });
  return result;
}

/**
 * Sum or product at the scale that is wanted, else over the range that it reaches on the calibration pictures, widened to
 * hold 0.
 */
function combineMaps(layer: BinaryLayer, a: Activations, b: Activations, wanted?: number): Activations {
  const placeOf = stretched(layer);
  const clamp = clampOf(layer.activation);
  const results = a.steps.map((steps, i) => {
    const others = item(b.steps, i);
    return Float64Array.from(steps, (v, j) => {
      const [x, y] = [v * a.scale, item(others, placeOf(j)) * b.scale];
      return clamp(layer.kind === "add" ? x + y : x * y);
    });
  });
  let [low, high] = [0, 0];
  for (const values of results) {
    for (const v of values) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  // A map of zeros still needs a scale.
  const scale = wanted ?? Math.fround(Math.max(high - low, 1e-3) / 255);
  const zeroPoint = wanted === undefined ? Math.round(-128 - low / scale) : 0;
  const steps = results.map((values) =>
    Int16Array.from(values, (v) =>
      Math.min(Math.max(Math.round(v / scale), -128 - zeroPoint), 127 - zeroPoint),
    ),
  );
  return { scale, zeroPoint, steps };
}

/** Where the second of two maps has the value that meets value `j` of the first. */
function stretched({ inputs: [whole, part] }: BinaryLayer): (j: number) => number {
  const { channels, width } = whole;
  return (j) => {
    const pixel = Math.floor(j / channels);
    const row = part.height === 1 ? 0 : Math.floor(pixel / width);
    const column = part.width === 1 ? 0 : pixel % width;
    const channel = part.channels === 1 ? 0 : j % channels;
    return (row * part.width + column) * part.channels + channel;
  };
}

function clampOf(activation: BinaryLayer["activation"]): (value: number) => number {
  const [low, high] = CLAMPS[activation];
  return (value) => Math.min(Math.max(value, low), high);
}

const CLAMPS: Readonly<Record<BinaryLayer["activation"], readonly [number, number]>> = {
  none: [-Infinity, Infinity],
  relu: [0, Infinity],
  relu6: [0, 6],
  "relu-n1-to-1": [-1, 1],
  "relu-0-to-1": [0, 1],
};
