import { assert } from "../ir/errors.ts";
import type { Padding } from "../ir/graph.ts";
import type { IntGraph, IntMap, MapId } from "../ir/integer.ts";
import { item } from "../ir/known.ts";

/** A map with its values, [H, W, C] re-centred int8. */
export interface Filled {
  readonly map: IntMap;
  readonly values: Int8Array;
}

/** `value - zeroPoint` of a map inside a border of zeros, [H + top + bottom, W + left + right, C]. */
export interface Differences {
  readonly values: Int16Array;
  readonly height: number;
  readonly width: number;
}

export function sizeOf(map: IntMap): number {
  return map.height * map.width * map.channels;
}

/** The values of a map as one of a larger shape has them: along an axis of size 1 all are alike. [H, W, C] of `output`. */
export function stretched({ map, values }: Filled, { channels, height, width }: IntMap): Int8Array {
  assert(values.length === sizeOf(map), `map ${map.name} has ${values.length} values`);
  const [rows, columns, depth] = [map.height, map.width, map.channels];
  const result = new Int8Array(height * width * channels);
  let at = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const pixel = ((rows === 1 ? 0 : y) * columns + (columns === 1 ? 0 : x)) * depth;
      for (let c = 0; c < channels; c++) result[at++] = item(values, pixel + (depth === 1 ? 0 : c));
    }
  return result;
}

/** The real value, float32, of each re-centred integer from -128 on. */
export function dequantised({ scale, zeroPoint }: IntMap): Float32Array {
  return Float32Array.from({ length: 256 }, (_, i) => scale * (i - 128 - zeroPoint));
}

export function mapOf(graph: IntGraph, id: MapId): IntMap {
  const map = graph.maps.get(id);
  assert(map, `the graph has no map ${id}`);
  return map;
}

/** The border holds zeros because padding carries the zero point: it contributes nothing to a sum. */
export function differences({ map, values }: Filled, padding: Padding): Differences {
  assert(values.length === sizeOf(map), `map ${map.name} has ${values.length} values`);
  const { zeroPoint } = map;
  const height = map.height + padding.top + padding.bottom;
  const width = map.width + padding.left + padding.right;
  const result = new Int16Array(height * width * map.channels);
  const row = map.width * map.channels;
  for (let y = 0; y < map.height; y++) {
    const from = y * row;
    const to = ((y + padding.top) * width + padding.left) * map.channels;
    for (let i = 0; i < row; i++) result[to + i] = values[from + i]! - zeroPoint;
  }
  return { values: result, height, width };
}

/** The last window must end inside the padded map, or a kernel would read beyond it. */
export function assertWindowFits(
  name: string,
  padded: { readonly height: number; readonly width: number },
  output: IntMap,
  window: {
    readonly kernel: readonly [number, number];
    readonly stride: readonly [number, number];
    readonly dilation: readonly [number, number];
  },
): void {
  const { kernel, stride, dilation } = window;
  const endY = (output.height - 1) * stride[0] + (kernel[0] - 1) * dilation[0] + 1;
  const endX = (output.width - 1) * stride[1] + (kernel[1] - 1) * dilation[1] + 1;
  assert(endY <= padded.height && endX <= padded.width, `${name}: the last window leaves the padded input`);
}

/** Dequantize in TFLite's reference/dequantize.h: the product in double precision, rounded to float32. */
export function realValues({ scale, zeroPoint }: IntMap, values: Int8Array): Float32Array {
  return Float32Array.from(values, (value) => scale * (value - zeroPoint));
}
