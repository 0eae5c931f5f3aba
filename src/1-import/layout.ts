/** Weights of other frameworks in the order of the graph. */
import { item } from "../ir/known.ts";

/**
 * [K, C, kh, kw] -> [K, kh, kw, C].
 * `shape` is the result's.
 */
export function toChannelsLast<Data extends Float32Array | Int8Array | Uint8Array>(
  values: Data,
  shape: readonly number[],
): Data {
  const [outputs = 0, rows = 0, columns = 0, channels = 0] = shape;
  const taps = rows * columns;
  const result = values.slice() as Data;
  for (let k = 0; k < outputs; k++) {
    const first = k * taps * channels;
    for (let c = 0; c < channels; c++) {
      for (let tap = 0; tap < taps; tap++)
        result[first + tap * channels + c] = item(values, first + c * taps + tap);
    }
  }
  return result;
}
