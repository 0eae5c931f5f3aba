/** A group record of a weight segment: constants of Pk lanes, then weight words. docs/hardware.md says what they are for. */
import { item } from "../ir/known.ts";
import { encode, gap, signed, unsigned, zeros, type Values, type Words } from "./fields.ts";

/** How a lane's sum becomes a result. */
export const shiftWords = [
  {
    right: unsigned(5, "right shift"),
    gap: gap(3),
    left: unsigned(5, "left shift"),
    gap2: gap(2),
    float32: unsigned(1, "float mode"),
    floor: unsigned(1, "no rounding"),
    absolute: unsigned(1, "absolute value"),
    addend: unsigned(14, "addend after the absolute value"),
  },
] as const satisfies Words;

const noShift = zeros(shiftWords);

/** A shift word; fields that it leaves out are zero. Throws FieldError for a value that a field does not hold. */
export function shiftWord(fields: Partial<Values<typeof shiftWords>>): number {
  return item(encode(shiftWords, { ...noShift, ...fields }), 0);
}

/** The constants of a lane. A record holds the first word of every lane, then the second of every lane, then the third. */
export const laneWords = [
  { bias: signed(32, "bias") },
  { multiplier: unsigned(32, "multiplier", 31) },
  ...shiftWords,
] as const satisfies Words;

interface Lanes {
  readonly pk: number;
  readonly pc: number;
}

/** Bytes of a group record: the constants of `pk` lanes, then `words` words of weights. */
export function recordBytes({ pc, pk }: Lanes, words: number): number {
  return pk * 4 * laneWords.length + words * pk * pc;
}
