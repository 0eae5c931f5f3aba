import type { BenchRandom, Dut } from "../../../sim/bench/index.ts";
import { packFields } from "../helper.ts";
import { packBytes, randomInt8, randomSigned } from "./bytes.ts";
import { shiftWord } from "../../../src/format/group-record.ts";
import { requantize } from "./requantize.ts";

export interface ArrayShape {
  readonly Pk: number;
  readonly Pc: number;
  readonly BusBytes: number;
}

/** int8 [H, W, C]; outside it `zero`. */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly zero: number;
  readonly values: readonly number[];
}

export function randomImage(random: BenchRandom, height: number, width: number, channels: number): Image {
  const values = randomInt8(random, height * width * channels);
  return { height, width, channels, zero: randomSigned(random, 8), values };
}

export function at(image: Image, y: number, x: number, c: number): number {
  if (y < 0 || x < 0 || y >= image.height || x >= image.width) return image.zero;
  return image.values[(y * image.width + x) * image.channels + c]!;
}

/** A kernel over an image: square kernel, stride and padding, `outputs` windows in each direction. */
export interface Windows {
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly outputs: number;
}

/** Weights [K][kernel][kernel][C] (w - zw) and the constants of each output channel. */
export interface Layer {
  readonly channels: number;
  readonly weights: readonly number[];
  readonly bias: readonly number[];
  readonly multiplier: readonly number[];
  readonly right: readonly number[];
  readonly range: { readonly zeroPoint: number; readonly min: number; readonly max: number };
}

/** A layer whose results spread over all of int8. */
export function randomLayer(random: BenchRandom, channels: number, products: number): Layer {
  const spread = Math.round(Math.log2(Math.sqrt(products) * 10_000)) - 6;
  return {
    channels,
    // int8 less its zero point: never -256
    weights: Array.from({ length: channels * products }, () => Math.max(-255, randomSigned(random, 9))),
    bias: Array.from({ length: channels }, () => randomSigned(random, 15)),
    multiplier: Array.from({ length: channels }, () => 2 ** 30 + random.below(2 ** 30)),
    right: Array.from({ length: channels }, () => spread + random.below(2)),
    range: { zeroPoint: random.below(20) - 10, min: -125, max: 126 },
  };
}

/** The layer's int8 result for an accumulator of channel k without its bias. */
export function finish(layer: Layer, k: number, products: number): number {
  const scale = { multiplier: layer.multiplier[k]!, right: layer.right[k]!, left: 0 };
  return requantize(layer.bias[k]! + products, scale, layer.range);
}

/** One result of a convolution (all channels of the image), straight from its definition. */
export function convolve(image: Image, layer: Layer, w: Windows, y: number, x: number, k: number): number {
  let sum = 0;
  for (let ky = 0; ky < w.kernel; ky += 1)
    for (let kx = 0; kx < w.kernel; kx += 1)
      for (let c = 0; c < image.channels; c += 1)
        sum +=
          layer.weights[((k * w.kernel + ky) * w.kernel + kx) * image.channels + c]! *
          at(image, y * w.stride + ky - w.pad, x * w.stride + kx - w.pad, c);
  return finish(layer, k, sum);
}

/** One result of a depthwise convolution; weights [K][kernel][kernel]. */
export function depthwise(image: Image, layer: Layer, w: Windows, y: number, x: number, k: number): number {
  let sum = 0;
  for (let ky = 0; ky < w.kernel; ky += 1)
    for (let kx = 0; kx < w.kernel; kx += 1)
      sum +=
        layer.weights[(k * w.kernel + ky) * w.kernel + kx]! *
        at(image, y * w.stride + ky - w.pad, x * w.stride + kx - w.pad, k);
  return finish(layer, k, sum);
}

/** Writes a word of Pk*Pc weights (w - zw) into the weight ring, a bus beat a cycle. */
export function loadWeightWord(dut: Dut, shape: ArrayShape, word: number, values: readonly number[]): void {
  dut.poke("weight_we_i", 1);
  dut.poke("weight_addr_i", word);
  for (let part = 0; part * shape.BusBytes < values.length; part += 1) {
    dut.poke("weight_part_i", part);
    dut.poke(
      "weight_data_i",
      packFields(values.slice(part * shape.BusBytes, (part + 1) * shape.BusBytes), 9),
    );
    dut.step();
  }
  dut.poke("weight_we_i", 0);
}

/** Writes the constants of Pk channels into a record of the parameter ring. */
export function loadParameters(
  dut: Dut,
  shape: ArrayShape,
  record: number,
  layer: Layer,
  group: number,
): void {
  const channels = Array.from({ length: shape.Pk }, (_, lane) => group * shape.Pk + lane);
  const fields = [
    channels.map((k) => layer.bias[k]!),
    channels.map((k) => layer.multiplier[k]!),
    channels.map((k) => shiftWord({ right: layer.right[k]! })),
  ];
  dut.poke("param_we_i", 1);
  dut.poke("param_addr_i", record);
  for (const [field, values] of fields.entries()) {
    dut.poke("param_field_i", field);
    for (let part = 0; part * shape.BusBytes < 4 * shape.Pk; part += 1) {
      const lanes = values.slice((part * shape.BusBytes) / 4, ((part + 1) * shape.BusBytes) / 4);
      dut.poke("param_part_i", part);
      dut.poke("param_data_i", packFields(lanes, 32));
      dut.step();
    }
  }
  dut.poke("param_we_i", 0);
}

/** zx, output zero point, min, max as the quant port wants them. */
export function quantWord(zero: number, { range }: Layer): bigint {
  return packBytes([range.max, range.min, range.zeroPoint, zero]);
}
