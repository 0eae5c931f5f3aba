import { averageDivide, averageDivideUnsigned, divisorOf } from "../../hw/kernels/average-divide.ts";
import type { Int, UInt } from "../hls/index.ts";
import { assert } from "../ir/errors.ts";
import type { IntMap, IntPool } from "../ir/integer.ts";
import { clamp } from "./fixed-point.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/** The real positions of a window, without its padding; where it is dilated, every so many of them from the first on. */
export interface Extent {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/**
 * Average and max pool, [H, W, C] -> [H', W', C].
 * Source: TFLite's reference_integer_ops::AveragePool / MaxPool and, for uint8 maps, reference_ops' versions.
 */
export function pool(node: IntPool, input: Filled, output: IntMap): Int8Array {
  const channels = output.channels;
  assert(channels === input.map.channels, `${node.name}: a pool keeps its channels`);
  const result = new Int8Array(sizeOf(output));
  const isMax = node.kind === "max-pool";
  const finish = isMax ? (max: number) => clamp(max, node.min, node.max) : average(node, input.map.dtype);
  const pixel = new Int32Array(channels);
  let at = 0;
  for (let oy = 0; oy < output.height; oy++) {
    for (let ox = 0; ox < output.width; ox++, at += channels) {
      const extent = windowExtent(node, input.map, oy, ox);
      const count = positions(extent);
      pixel.fill(isMax ? -128 : 0);
      for (let y = extent.top; y < extent.bottom; y += extent.rowStep)
        for (let x = extent.left; x < extent.right; x += extent.columnStep)
          gather(pixel, input.values, (y * input.map.width + x) * channels, isMax);
      for (let c = 0; c < channels; c++) result[at + c] = finish(pixel[c]!, count);
    }
  }
  return result;
}

/** Takes a pixel's channels to the largest, or the sums, so far. */
function gather(pixel: Int32Array, values: Int8Array, from: number, isMax: boolean): void {
  for (let c = 0; c < pixel.length; c++) {
    const value = values[from + c]!;
    if (!isMax) pixel[c]! += value;
    else if (value > pixel[c]!) pixel[c] = value;
  }
}

export function windowExtent(
  node: Pick<IntPool, "name" | "kernel" | "stride" | "padding" | "dilation">,
  input: IntMap,
  oy: number,
  ox: number,
): Extent {
  const y = oy * node.stride[0] - node.padding.top;
  const x = ox * node.stride[1] - node.padding.left;
  const [rowStep, columnStep] = node.dilation ?? [1, 1];
  const first = (at: number, step: number) => (at < 0 ? at + step * Math.ceil(-at / step) : at);
  const extent = {
    top: first(y, rowStep),
    left: first(x, columnStep),
    bottom: Math.min(y + (node.kernel[0] - 1) * rowStep + 1, input.height),
    right: Math.min(x + (node.kernel[1] - 1) * columnStep + 1, input.width),
    rowStep,
    columnStep,
  };
  assert(
    extent.top < extent.bottom && extent.left < extent.right,
    `${node.name}: a window holds only padding`,
  );
  return extent;
}

/**
 * The hardware's kernels with a window's constants. int8 rounds half away from zero; uint8 on the unsigned values, which
 * differs for values below the centre.
 */
function average(node: IntPool, dtype: IntMap["dtype"]): (sum: number, count: number) => number {
  const low = BigInt(node.min) as Int<8>;
  const high = BigInt(node.max) as Int<8>;
  const ofCount = (count: number) => {
    const { multiplier, right, left, half } = divisorOf(count);
    const fields = [
      ...([multiplier as UInt<31>, right as UInt<5>, left as UInt<5>, half as UInt<14>] as const),
      ...([low, high] as const),
    ] as const;
    return dtype === "uint8"
      ? (sum: number) => Number(averageDivideUnsigned(BigInt(sum + 128 * count) as UInt<30>, ...fields))
      : (sum: number) => Number(averageDivide(BigInt(sum) as Int<32>, ...fields));
  };
  // Windows at a map's edges have fewer values.
  const known = new Map<number, (sum: number) => number>();
  return (sum, count) => {
    const divide = known.get(count) ?? ofCount(count);
    known.set(count, divide);
    return divide(sum);
  };
}

function positions(extent: Extent): number {
  const rows = Math.ceil((extent.bottom - extent.top) / extent.rowStep);
  return rows * Math.ceil((extent.right - extent.left) / extent.columnStep);
}
