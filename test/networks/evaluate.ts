/**
 * An evaluation of integer graphs that shares nothing with the golden model: one value at a time, in whole numbers of any
 * size, by the definitions of TFLite's reference kernels.
 */
import type { IntBinary, IntGraph, IntMap, IntNode, Rescaling } from "../../src/ir/integer.ts";

type Value = (y: number, x: number, c: number) => bigint;

interface Source {
  readonly map: IntMap;
  readonly at: Value;
}

/** The values of every map, [H, W, C], by its number. */
export function evaluate(graph: IntGraph, input: Int8Array): Map<number, number[]> {
  const maps = new Map<number, number[]>([[graph.input, Array.from(input)]]);
  for (const node of graph.nodes) {
    const sources = node.inputs.map((id): Source => {
      const [map, values] = [graph.maps.get(id)!, maps.get(id)!];
      return { map, at: (y, x, c) => BigInt(values[(y * map.width + x) * map.channels + c]!) };
    });
    const output = graph.maps.get(node.output)!;
    const value = valueOf(node, sources, output);
    const values: number[] = [];
    for (let y = 0; y < output.height; y++)
      for (let x = 0; x < output.width; x++)
        for (let c = 0; c < output.channels; c++) values.push(Number(value(y, x, c)));
    maps.set(node.output, values);
  }
  return maps;
}

function valueOf(node: IntNode, sources: readonly Source[], output: IntMap): Value {
  const [first, second] = sources as [Source, Source];
  switch (node.kind) {
    case "conv":
    case "depthwise":
      return weighted(node, first, output);
    case "max-pool":
    case "average-pool":
      return pooled(node, first, output);
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
      return paired(node, first, second, output);
    case "lookup":
      return (y, x, c) => BigInt(node.tables[Number(first.at(y, x, c)) + 128]!);
    case "rescale":
      return rescaled(first, node.rescaling, output);
    case "concat": {
      const parts = sources.map((source, i) => {
        const rescaling = node.rescale[i];
        return { map: source.map, at: rescaling ? rescaled(source, rescaling, output) : source.at };
      });
      return (...at) => {
        const place = [...at] as [number, number, number];
        const side = (map: IntMap) => [map.height, map.width, map.channels][node.axis]!;
        let index = 0;
        while (place[node.axis] >= side(parts[index]!.map)) place[node.axis] -= side(parts[index++]!.map);
        return parts[index]!.at(...place);
      };
    }
    case "slice":
      return (...at) => {
        const [y, x, c] = at.map((n, axis) => node.begin[axis]! + n * node.stride[axis]!);
        return first.at(y!, x!, c!);
      };
    case "repeat":
      return (y, x, c) => first.at(Math.floor(y / node.factor[0]), Math.floor(x / node.factor[1]), c);
    case "resize-bilinear":
      return between(node, first, output);
    case "pad": {
      const { left, top } = node.padding;
      const [front] = node.channels ?? [0, 0];
      return inside(first, (y, x, c) => [y - top, x - left, c - front], BigInt(output.zeroPoint));
    }
    default:
      throw new Error(`no definition of ${node.kind}`);
  }
}

/** The operand at a place of the result. */
function stretchedValue({ at, map }: Source): Value {
  return (y, x, c) => at(map.height === 1 ? 0 : y, map.width === 1 ? 0 : x, map.channels === 1 ? 0 : c);
}

/** A product, a sum, a difference or an extreme of two values. */
function paired(node: IntBinary, first: Source, second: Source, output: IntMap): Value {
  const [a, b] = [stretchedValue(first), stretchedValue(second)];
  const combined = combination(node, BigInt(first.map.zeroPoint), BigInt(second.map.zeroPoint));
  if (!("result" in node)) return (y, x, c) => combined(a(y, x, c), b(y, x, c));
  return (y, x, c) =>
    clamp(scaled(combined(a(y, x, c), b(y, x, c)), node.result) + BigInt(output.zeroPoint), node);
}

/** Before it is brought to the scale of the result. */
function combination(node: IntBinary, zeroA: bigint, zeroB: bigint): (a: bigint, b: bigint) => bigint {
  switch (node.kind) {
    case "maximum":
      return (a, b) => (a > b ? a : b);
    case "minimum":
      return (a, b) => (a < b ? a : b);
    case "mul":
      return (a, b) => (a - zeroA) * (b - zeroB) * 2n ** BigInt(node.leftShift);
    case "add":
    case "sub": {
      const sign = node.kind === "add" ? 1n : -1n;
      const shifted = (value: bigint) => value * 2n ** 20n;
      return (a, b) =>
        scaled(shifted(a - zeroA), node.input1) + sign * scaled(shifted(b - zeroB), node.input2);
    }
  }
}

/** The map's value at a place, or another outside of it. */
function inside(
  { at, map }: Source,
  place: (y: number, x: number, c: number) => [number, number, number],
  outside: bigint,
): Value {
  return (...index) => {
    const [y, x, c] = place(...index);
    const isInside = y >= 0 && x >= 0 && c >= 0 && y < map.height && x < map.width && c < map.channels;
    return isInside ? at(y, x, c) : outside;
  };
}

function weighted(node: IntNode & { kind: "conv" | "depthwise" }, source: Source, output: IntMap): Value {
  const { bias, dilation, kernel, padding, requantize, stride, weights } = node;
  const zero = BigInt(source.map.zeroPoint);
  const value = inside(source, (y, x, c) => [y, x, c], zero);
  return (y, x, k) => {
    let sum = BigInt(bias[k]!);
    for (let ky = 0; ky < kernel[0]; ky++)
      for (let kx = 0; kx < kernel[1]; kx++) {
        const row = y * stride[0] + ky * dilation[0] - padding.top;
        const column = x * stride[1] + kx * dilation[1] - padding.left;
        const tap = ky * kernel[1] + kx;
        const from = node.kind === "conv" ? 0 : Math.floor(k / node.multiplier);
        const to = node.kind === "conv" ? source.map.channels : from + 1;
        for (let c = from; c < to; c++) {
          const at =
            node.kind === "conv"
              ? (k * kernel[0] * kernel[1] + tap) * source.map.channels + c
              : tap * output.channels + k;
          sum += (value(row, column, c) - zero) * BigInt(weights[at]!);
        }
      }
    const factor = { multiplier: requantize.multiplier[k]!, exponent: requantize.exponent[k]! };
    return clamp(scaled(sum, factor) + BigInt(output.zeroPoint), requantize);
  };
}

function pooled(
  node: IntNode & { kind: "max-pool" | "average-pool" },
  { at, map }: Source,
  output: IntMap,
): Value {
  const { kernel, padding, stride } = node;
  // an average rounds the model's own integers
  const own = output.dtype === "uint8" ? 128n : 0n;
  return (y, x, c) => {
    const taps: bigint[] = [];
    for (let ky = 0; ky < kernel[0]; ky++)
      for (let kx = 0; kx < kernel[1]; kx++) {
        const [row, column] = [y * stride[0] + ky - padding.top, x * stride[1] + kx - padding.left];
        if (row >= 0 && column >= 0 && row < map.height && column < map.width) taps.push(at(row, column, c));
      }
    if (node.kind === "max-pool")
      return clamp(
        taps.reduce((a, b) => (a > b ? a : b)),
        node,
      );
    const sum = taps.reduce((a, b) => a + b + own, 0n);
    const n = BigInt(taps.length);
    const rounded = sum > 0n ? (sum + n / 2n) / n : (sum - n / 2n) / n;
    return clamp(rounded - own, node);
  };
}

/** Between four pixels in 1/1024 of their distance, the nearest integer, halves away from zero. */
function between(
  { alignment }: IntNode & { kind: "resize-bilinear" },
  { at, map }: Source,
  output: IntMap,
): Value {
  const own = output.dtype === "uint8" ? 128n : 0n;
  const along = (i: number, size: number, made: number) => {
    const [from, to] = alignment === "align-corners" && made > 1 ? [size - 1, made - 1] : [size, made];
    const step = (BigInt(1024 * from) + BigInt(to) / 2n) / BigInt(to);
    const place = BigInt(i) * step + (alignment === "half-pixel" ? step / 2n - 512n : 0n);
    const most = BigInt(1024 * (size - 1));
    const inside = place < 0n ? 0n : place > most ? most : place;
    const low = Number(inside / 1024n);
    return { low, high: Math.min(low + 1, size - 1), part: inside % 1024n };
  };
  return (y, x, c) => {
    const rows = along(y, map.height, output.height);
    const columns = along(x, map.width, output.width);
    const value = (row: number) =>
      (at(row, columns.low, c) + own) * (1024n - columns.part) +
      (at(row, columns.high, c) + own) * columns.part;
    const sum = value(rows.low) * (1024n - rows.part) + value(rows.high) * rows.part;
    const size = ((sum < 0n ? -sum : sum) + 2n ** 19n) / 2n ** 20n;
    return (sum < 0n ? -size : size) - own;
  };
}

function rescaled({ at, map }: Source, rescaling: Rescaling, output: IntMap): Value {
  if (rescaling.table) throw new Error("no definition of tables");
  const range = { min: -128, max: 127 };
  return (y, x, c) =>
    clamp(scaled(at(y, x, c) - BigInt(map.zeroPoint), rescaling) + BigInt(output.zeroPoint), range);
}

/** MultiplyByQuantizedMultiplier: a product that is rounded to its upper half, then a shift that rounds away from zero. */
function scaled(value: bigint, { exponent, multiplier }: { exponent: number; multiplier: number }): bigint {
  const product = value * 2n ** BigInt(Math.max(0, exponent)) * BigInt(multiplier);
  const nudged = product + (product >= 0n ? 2n ** 30n : 1n - 2n ** 30n);
  const high = nudged / 2n ** 31n;
  const right = 2n ** BigInt(Math.max(0, -exponent));
  const magnitude = ((high < 0n ? -high : high) + right / 2n) / right;
  return high < 0n ? -magnitude : magnitude;
}

function clamp(value: bigint, { max, min }: { readonly min: number; readonly max: number }): bigint {
  return value < BigInt(min) ? BigInt(min) : value > BigInt(max) ? BigInt(max) : value;
}
