import { assert } from "../ir/errors.ts";

/** A number that the field made for it does not hold: a network too large for this program. */
export class FieldError extends Error {
  constructor(
    readonly field: string,
    readonly value: number,
    readonly low: number,
    readonly high: number,
  ) {
    super(`internal error: ${field} is ${value}, its field holds ${low} to ${high}`);
    this.name = "FieldError";
  }
}

/** One field of a descriptor word. */
export interface Field {
  readonly name: string;
  readonly value: number;
  readonly bits: number;
  readonly signed: boolean;
}

/** `value` in `bits` bits, not negative. */
export function unsigned(name: string, value: number, bits: number): Field {
  return { name, value, bits, signed: false };
}

/** `value` in `bits` bits, two's complement. */
export function signed(name: string, value: number, bits: number): Field {
  return { name, value, bits, signed: true };
}

/**
 * A 32-bit word of fields, the first in its low bits; the rest is zero.
 * A value that does not fit never reaches the hardware cut off: verify-plan.ts refuses it, as FieldError says.
 */
export function word(...fields: readonly Field[]): number {
  let result = 0;
  let at = 0;
  for (const { name, value, bits, signed: isSigned } of fields) {
    const low = isSigned ? -(2 ** (bits - 1)) : 0;
    const high = isSigned ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
    if (!(Number.isInteger(value) && value >= low && value <= high))
      throw new FieldError(name, value, low, high);
    assert(at + bits <= 32, `${name} ends in bit ${at + bits - 1} of a word`);
    // Not `<<`: a field of 32 bits would lose its top bit to the sign.
    result += (value < 0 ? value + 2 ** bits : value) * 2 ** at;
    at += bits;
  }
  return result;
}
