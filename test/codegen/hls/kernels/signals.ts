/** Samples and pixels. */
import {
  clamp,
  int,
  lookup,
  max,
  min,
  round,
  saturateInt,
  saturateUint,
  uint,
  type Int,
  type UInt,
  type Vec,
} from "firebrick/hls";

const taps = [-3n, 12n, -39n, 158n, 158n, -39n, 12n, -3n];

/** A symmetric filter of eight taps that saturates; the taps sum to 256. */
export function firFilter(samples: Vec<Int<12>, 8>): Int<12> {
  let sum = 0n;
  for (let i = 0; i < 8; i++) sum += samples[i]! * taps[i]!;
  return saturateInt(12, round(sum, 8));
}

function sortPair(values: bigint[], low: number, high: number): void {
  const [a, b] = [values[low]!, values[high]!];
  values[low] = min(a, b);
  values[high] = max(a, b);
}

/** The middle of nine pixels, by the fewest comparisons. */
export function median9(p: Vec<UInt<8>, 9>): UInt<8> {
  const v: bigint[] = [p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]];
  const network = [
    [1, 2], [4, 5], [7, 8], [0, 1], [3, 4], [6, 7], [1, 2], [4, 5], [7, 8], [0, 3],
    [5, 8], [4, 7], [3, 6], [1, 4], [2, 5], [4, 7], [4, 2], [6, 4], [4, 2],
  ] as const; // prettier-ignore
  for (const [low, high] of network) sortPair(v, low, high);
  return uint(8, v[4]!);
}

/** The least and the greatest of eight values, and how far they lie apart. */
export function minMaxTree(values: Vec<Int<10>, 8>): [Int<10>, Int<10>, UInt<10>] {
  const low: bigint[] = [
    values[0],
    values[1],
    values[2],
    values[3],
    values[4],
    values[5],
    values[6],
    values[7],
  ];
  const high: bigint[] = [
    values[0],
    values[1],
    values[2],
    values[3],
    values[4],
    values[5],
    values[6],
    values[7],
  ];
  for (let size = 4; size > 0; size = size >> 1) {
    for (let i = 0; i < size; i++) {
      low[i] = min(low[i]!, low[i + size]!);
      high[i] = max(high[i]!, high[i + size]!);
    }
  }
  const [least, greatest] = [int(10, low[0]!), int(10, high[0]!)];
  return [least, greatest, uint(10, max(greatest - least, 0n))];
}

/** BT.601's luma of a pixel. */
export function luma(red: UInt<8>, green: UInt<8>, blue: UInt<8>): UInt<8> {
  return uint(8, round(77n * red + 150n * green + 29n * blue, 8));
}

/** One pixel over another, divided by 255 exactly and rounded. */
export function alphaBlend(front: Vec<UInt<8>, 3>, back: Vec<UInt<8>, 3>, alpha: UInt<8>): Vec<UInt<8>, 3> {
  return [blend(front[0], back[0], alpha), blend(front[1], back[1], alpha), blend(front[2], back[2], alpha)];
}

function blend(front: UInt<8>, back: UInt<8>, alpha: UInt<8>): UInt<8> {
  return saturateUint(8, (front * alpha + back * (255n - alpha) + 127n) / 255n);
}

const stepSizes = Array.from({ length: 89 }, (_, i) => BigInt(Math.min(32767, Math.round(7 * 1.1 ** i))));
const stepMoves = [-1n, -1n, -1n, -1n, 2n, 4n, 6n, 8n];

/** A step of IMA ADPCM: four bits of code to a sample of sixteen, and the next place in the table of steps. */
export function adpcmDecode(sample: Int<16>, place: UInt<7>, code: UInt<4>): [Int<16>, UInt<7>] {
  const at = min(place, 88n);
  const step = lookup(stepSizes, at);
  const size = code & 7n;
  const change = (step * (2n * size + 1n)) >> 3n;
  const next = saturateInt(16, code >= 8n ? sample - change : sample + change);
  return [next, uint(7, clamp(at + lookup(stepMoves, size), 0n, 88n))];
}

/** The mean and the remainder of seven readings, whatever their signs. */
export function meanOfSeven(readings: Vec<Int<16>, 7>): [Int<16>, Int<4>] {
  let sum = 0n;
  for (const reading of readings) sum += reading;
  return [saturateInt(16, sum / 7n), int(4, sum % 7n)];
}
