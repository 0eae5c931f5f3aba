import { assert } from "../ir/errors.ts";
import type { IntMap, IntPool } from "../ir/integer.ts";
import { clamp } from "./fixed-point.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/** The real positions of a window, without its padding. */
export interface Extent {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/**
 * Average and max pool, [H, W, C] -> [H', W', C].
 * Source: TFLite's reference_integer_ops::AveragePool / MaxPool and, for uint8 maps, reference_ops' versions.
 */
export function pool(node: IntPool, input: Filled, output: IntMap): Int8Array {
  const channels = output.channels;
  assert(channels === input.map.channels, `${node.name}: a pool keeps its channels`);
  const result = new Int8Array(sizeOf(output));
  const reduce =
    node.kind === "max-pool" ? largest : input.map.dtype === "uint8" ? averageUnsigned : averageSigned;
  let at = 0;
  for (let oy = 0; oy < output.height; oy++) {
    for (let ox = 0; ox < output.width; ox++) {
      const extent = windowExtent(node, input.map, oy, ox);
      for (let c = 0; c < channels; c++, at++) {
        result[at] = clamp(reduce(input, extent, c), node.min, node.max);
      }
    }
  }
  return result;
}

export function windowExtent(
  node: Pick<IntPool, "name" | "kernel" | "stride" | "padding">,
  input: IntMap,
  oy: number,
  ox: number,
): Extent {
  const y = oy * node.stride[0] - node.padding.top;
  const x = ox * node.stride[1] - node.padding.left;
  const extent = {
    top: Math.max(y, 0),
    left: Math.max(x, 0),
    bottom: Math.min(y + node.kernel[0], input.height),
    right: Math.min(x + node.kernel[1], input.width),
  };
  assert(
    extent.top < extent.bottom && extent.left < extent.right,
    `${node.name}: a window holds only padding`,
  );
  return extent;
}

function largest({ map, values }: Filled, extent: Extent, channel: number): number {
  let max = -128;
  for (let y = extent.top; y < extent.bottom; y++) {
    for (let x = extent.left; x < extent.right; x++) {
      max = Math.max(max, values[(y * map.width + x) * map.channels + channel]!);
    }
  }
  return max;
}

/** int8: rounds half away from zero. */
function averageSigned(input: Filled, extent: Extent, channel: number): number {
  const sum = windowSum(input, extent, channel);
  const count = positions(extent);
  const half = Math.floor(count / 2);
  return Math.trunc((sum > 0 ? sum + half : sum - half) / count);
}

/** uint8: rounds on the unsigned values, which differs from the signed rule for values below the centre. */
function averageUnsigned(input: Filled, extent: Extent, channel: number): number {
  const count = positions(extent);
  const sum = windowSum(input, extent, channel) + 128 * count;
  return Math.floor((sum + Math.floor(count / 2)) / count) - 128;
}

function positions(extent: Extent): number {
  return (extent.bottom - extent.top) * (extent.right - extent.left);
}

function windowSum({ map, values }: Filled, extent: Extent, channel: number): number {
  let sum = 0;
  for (let y = extent.top; y < extent.bottom; y++) {
    for (let x = extent.left; x < extent.right; x++) {
      sum += values[(y * map.width + x) * map.channels + channel]!;
    }
  }
  return sum;
}
