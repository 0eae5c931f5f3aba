/** Tables that are worth a block RAM. */
import { int, lookup, round, wrapUint, type Int, type UInt } from "firebrick/hls";

const sine = Array.from({ length: 1024 }, (_, i) => BigInt(Math.round(2047 * Math.sin((i * Math.PI) / 512))));
const shuffled = Array.from({ length: 1000 }, (_, i) => BigInt((i * 389) % 1000));

/** One period in 1024 steps, of 12 bits. */
export function sineOf(phase: UInt<10>): Int<12> {
  return int(12, lookup(sine, phase));
}

/** Two tables at computed places, and their product. */
export function modulated(carrier: UInt<10>, signal: UInt<10>, gain: UInt<4>): Int<16> {
  const level = lookup(sine, wrapUint(10, signal + 256n)) * gain;
  return int(16, round(lookup(sine, wrapUint(10, carrier * 3n)) * level, 11));
}

/**
 * A table whose entry is the place in a table.
 *
 * @latency 5
 */
export function twice(x: UInt<9>): UInt<10> {
  return wrapUint(10, lookup(shuffled, lookup(shuffled, x + 488n)) + x);
}
