/**
 * What a kernel of hardware is written with: integers of a width, and the few functions that TypeScript lacks. A value is
 * a bigint, so `+ - * << >> & | ^ < ===` are exact; only the functions below can take bits away. See docs/hls.md.
 */

/** A two's complement integer of N bits, 1 to 64. */
export type Int<N extends number> = bigint & { readonly "hls:int": N };

/** An unsigned integer of N bits, 1 to 64. */
export type UInt<N extends number> = bigint & { readonly "hls:uint": N };

/** N values of one type: a tuple, so that its length is known. */
export type Vec<T, N extends number, Made extends readonly T[] = []> = Made["length"] extends N
  ? Made
  : Vec<T, N, [...Made, T]>;

/** `x` as an Int of `bits`; the compiler proves that it fits. Throws RangeError when it does not. */
export function int<N extends number>(bits: N, x: bigint): Int<N> {
  if (BigInt.asIntN(bits, x) !== x) throw new RangeError(`${x} does not fit in Int<${bits}>`);
  return x as Int<N>;
}

/** `x` as a UInt of `bits`; the compiler proves that it fits. Throws RangeError when it does not. */
export function uint<N extends number>(bits: N, x: bigint): UInt<N> {
  if (BigInt.asUintN(bits, x) !== x) throw new RangeError(`${x} does not fit in UInt<${bits}>`);
  return x as UInt<N>;
}

/** The low `bits` of `x` as two's complement. */
export function wrapInt<N extends number>(bits: N, x: bigint): Int<N> {
  return BigInt.asIntN(bits, x) as Int<N>;
}

/** The low `bits` of `x`. */
export function wrapUint<N extends number>(bits: N, x: bigint): UInt<N> {
  return BigInt.asUintN(bits, x) as UInt<N>;
}

/** The nearest Int of `bits`. */
export function saturateInt<N extends number>(bits: N, x: bigint): Int<N> {
  const limit = 1n << BigInt(bits - 1);
  return clamp(x, -limit, limit - 1n) as Int<N>;
}

/** The nearest UInt of `bits`. */
export function saturateUint<N extends number>(bits: N, x: bigint): UInt<N> {
  return clamp(x, 0n, (1n << BigInt(bits)) - 1n) as UInt<N>;
}

/** x / 2^places to the nearest integer, ties upwards. */
export function round(x: bigint, places: number): bigint {
  return places === 0 ? x : (x + (1n << BigInt(places - 1))) >> BigInt(places);
}

export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** `low` below it, `high` above it, else `x`: of the type of both ends. */
export function clamp<N extends number>(x: bigint, low: Int<N>, high: Int<N>): Int<N>;
export function clamp(x: bigint, low: bigint, high: bigint): bigint;
export function clamp(x: bigint, low: bigint, high: bigint): bigint {
  return x < low ? low : x > high ? high : x;
}

export function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}

/** Whether bit `place` of `x` is set, 0 the lowest. */
export function bit(x: bigint, place: number): boolean {
  return ((x >> BigInt(place)) & 1n) === 1n;
}

/** Bits `high` down to `low` of `x`, both included, as an unsigned value. */
export function slice(x: bigint, high: number, low: number): bigint {
  return BigInt.asUintN(high - low + 1, x >> BigInt(low));
}

/** `high` above the `lowBits` bits of `low`. */
export function concat(high: bigint, low: bigint, lowBits: number): bigint {
  return (high << BigInt(lowBits)) | BigInt.asUintN(lowBits, low);
}

/** `first` when the condition holds, else `second`. */
export function select(condition: boolean, first: bigint, second: bigint): bigint {
  return condition ? first : second;
}

/** The entry of a table, a ROM in hardware when the table is constant. Throws RangeError outside of the table. */
export function lookup<T>(table: readonly T[], index: bigint): T {
  const entry = table[Number(index)];
  if (entry === undefined) throw new RangeError(`index ${index} is outside of a table of ${table.length}`);
  return entry;
}

/** An array of `length` equal values; where the length is a literal, the type says it. */
export function array<T, N extends number>(length: N, value: T): number extends N ? T[] : Vec<T, N> {
  return Array.from({ length }, () => value) as number extends N ? T[] : Vec<T, N>;
}
