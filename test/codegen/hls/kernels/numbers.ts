import {
  abs,
  clamp,
  concat,
  int,
  max,
  round,
  saturateInt,
  saturateUint,
  slice,
  uint,
  wrapInt,
  type Int,
  type UInt,
} from "firebrick/hls";

function shrink<N extends number>(bits: N, x: bigint, places: number): Int<N> {
  return saturateInt(bits, round(x, places));
}

export function multiplyAccumulate(acc: Int<32>, x: Int<16>, y: Int<16>): Int<32> {
  return saturateInt(32, acc + x * y);
}

export function scaleTwice(x: Int<24>): [Int<12>, Int<6>] {
  return [shrink(12, x, 10), shrink(6, x, 17)];
}

export function divideAndRest(a: Int<12>, b: Int<5>): [Int<13>, Int<5>] {
  if (b === 0n) return [int(13, 0n), int(5, 0n)];
  const divisor = b > 0n ? max(b, 1n) : clamp(b, -16n, -1n);
  return b > 0n
    ? [int(13, a / max(b, 1n)), wrapInt(5, a % max(b, 1n))]
    : [int(13, a / clamp(divisor, -16n, -1n)), wrapInt(5, a % clamp(b, -16n, -1n))];
}

/** Returns before the end; later lines know what did not hold. */
export function earlyReturns(x: Int<16>): Int<8> {
  if (x > 127n) return int(8, 127n);
  if (x < -128n) {
    if (x === -30000n) return int(8, 1n);
    return int(8, -128n);
  }
  return int(8, x);
}

export function pack(high: UInt<5>, low: UInt<3>, mask: Int<8>): UInt<8> {
  return uint(8, slice(~concat(high, low, 3) & mask, 7, 0));
}

export function distance(ax: Int<8>, ay: Int<8>, bx: Int<8>, by: Int<8>): UInt<9> {
  return uint(9, abs(ax - bx) + abs(ay - by) > 511n ? 511n : saturateUint(9, abs(ax - bx) + abs(ay - by)));
}

/** Wide operands: products of 64 bits that keep their upper half. */
export function multiplyHigh(a: UInt<64>, b: Int<64>): Int<64> {
  return int(64, (a * b) >> 64n);
}

export function variableShifts(x: Int<16>, left: UInt<4>, right: UInt<4>): Int<16> {
  return wrapInt(16, (x << left) >> right);
}

export function constant(x: Int<4>): [Int<8>, UInt<1>] {
  return [int(8, -5n), uint(1, x === x ? 1n : 0n)];
}

/** 2^(x / 16) of a Q0.4 value in Q1.8, by a parabola. */
export function exp2(x: UInt<4>): UInt<9> {
  return uint(9, 256n + round(x * (168n + ((x * 88n) >> 4n)), 4));
}

/** CORDIC: rotates (x, y) on to the x axis, eight steps. */
export function magnitude(x: Int<12>, y: Int<12>): UInt<14> {
  let a = abs(x);
  let b: bigint = y;
  for (let i = 0; i < 8; i++) {
    const along = a >> BigInt(i);
    const across = b >> BigInt(i);
    const isUp = b >= 0n;
    a = saturateUint(14, isUp ? a + across : a - across);
    b = saturateInt(14, isUp ? b - along : b + along);
  }
  return uint(14, (a * 155n) >> 8n);
}
