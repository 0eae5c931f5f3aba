import type { IntMap, Preprocess } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { roundAway } from "../ir/rounding.ts";

/**
 * Pixels [H, W, C], R, G, B or grey, to the input map's values, re-centred int8.
 *
 * Real = (pixel - mean[c]) / std[c], q = round(real / scale) + zero point, ties away from zero,
 * saturated; mean and std are in the network's channel order, one entry serves all channels.
 */
export function quantisePixels(pixels: Uint8Array, map: IntMap, preprocess: Preprocess): Int8Array {
  const channels = map.channels;
  const tables = pixelTables(map, preprocess);
  const reversed = preprocess.channelOrder === "bgr";
  const result = new Int8Array(pixels.length);
  for (let first = 0; first < pixels.length; first += channels) {
    for (let c = 0; c < channels; c++) {
      const pixel = item(pixels, first + (reversed ? channels - 1 - c : c));
      result[first + c] = item(item(tables, c), pixel);
    }
  }
  return result;
}

/** For each channel of the network, what a pixel of 0 to 255 becomes. */
export function pixelTables(map: IntMap, preprocess: Preprocess): readonly Int8Array[] {
  return Array.from({ length: map.channels }, (_, c) => pixelTable(map, preprocess, c));
}

/** Limited to int8. */
export function saturated(value: number): number {
  return Math.min(127, Math.max(-128, value));
}

function pixelTable(map: IntMap, { mean, std }: Preprocess, channel: number): Int8Array {
  const ofChannel = (values: readonly number[]) => item(values, values.length === 1 ? 0 : channel);
  const [m, s] = [ofChannel(mean), ofChannel(std)];
  return Int8Array.from({ length: 256 }, (_, pixel) => {
    const steps = (pixel - m) / s / map.scale;
    return saturated(roundAway(steps) + map.zeroPoint);
  });
}
