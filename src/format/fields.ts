/**
 * Words of 32 bits and the fields in them: the one description of what hardware and host exchange. The encoder, the decoder,
 * the Verilog that names the wires, the C of the drivers and the tables of docs/formats.md are all made of these tables, so
 * the place of a field follows from its row alone.
 */
import { assert } from "../ir/errors.ts";
import { item } from "../ir/known.ts";

export interface Field {
  readonly bits: number;
  /** Two's complement. */
  readonly signed: boolean;
  /** What it is, as messages and tables say it. */
  readonly label: string;
  /** Wires of it that the hardware looks at, where they are fewer than its bits: a number, or a parameter of its modules. */
  readonly wires: number | "AddrW" | null;
}

type Wires = Field["wires"];

/** A number of `bits` bits that is not negative. */
export function unsigned(bits: number, label: string, wires: Wires = null): Field {
  return { bits, signed: false, label, wires };
}

/** A number of `bits` bits in two's complement. */
export function signed(bits: number, label: string, wires: Wires = null): Field {
  return { bits, signed: true, label, wires };
}

/** Bits of a word that hold nothing and are zero; the name of such a field begins with `gap`. */
export function gap(bits: number): Field {
  return unsigned(bits, "unused");
}

/** The fields of a word by name, the first in its low bits. */
export type Word = Readonly<Record<string, Field>>;
export type Words = readonly Word[];

type KeysOf<W> = W extends unknown ? Exclude<keyof W & string, `gap${string}`> : never;
export type FieldName<T extends Words> = KeysOf<T[number]>;
/** A number for every field of the words. */
export type Values<T extends Words> = Readonly<Record<FieldName<T>, number>>;

/** Where a field lies. */
export interface Place {
  readonly name: string;
  readonly field: Field;
  readonly word: number;
  /** Lowest bit in its word. */
  readonly lsb: number;
}

/** The fields in the order of their bits, gaps left out. */
export function placesOf(words: Words): readonly Place[] {
  return words.flatMap((word, index) => {
    let next = 0;
    return Object.entries(word).flatMap(([name, field]) => {
      const lsb = next;
      next += field.bits;
      assert(next <= 32, `${name} ends in bit ${next - 1} of a word`);
      return name.startsWith("gap") ? [] : [{ name, field, word: index, lsb }];
    });
  });
}

/** Where one field lies. */
export function placeOf<T extends Words>(words: T, name: FieldName<T>): Place {
  const place = placesOf(words).find((one) => one.name === name);
  assert(place, `there is a field ${name}`);
  return place;
}

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

/**
 * The words with these values. A value that does not fit never reaches the hardware cut off: throws FieldError, which calls
 * the field what `name` makes of its label.
 */
export function encode<T extends Words>(
  words: T,
  values: Values<T>,
  name: (label: string) => string = (label) => label,
): readonly number[] {
  const result = words.map(() => 0);
  for (const place of placesOf(words)) {
    const { bits, label, signed: isSigned } = place.field;
    const value = values[place.name as FieldName<T>];
    const low = isSigned ? -(2 ** (bits - 1)) : 0;
    const high = isSigned ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
    if (!(Number.isInteger(value) && value >= low && value <= high))
      throw new FieldError(name(label), value, low, high);
    // Not `<<`: a field of 32 bits would lose its top bit to the sign.
    result[place.word] = item(result, place.word) + (value < 0 ? value + 2 ** bits : value) * 2 ** place.lsb;
  }
  return result;
}

/** The values of words that `encode` could have made. `from`: where the first of them lies in `memory`. */
export function decode<T extends Words>(words: T, memory: ArrayLike<number>, from = 0): Values<T> {
  const values = placesOf(words).map(({ field, lsb, name, word }) => {
    const whole = memory[from + word];
    assert(whole !== undefined, `word ${from + word} of ${memory.length}`);
    const value = Math.floor((whole >>> 0) / 2 ** lsb) % 2 ** field.bits;
    return [name, field.signed && value >= 2 ** (field.bits - 1) ? value - 2 ** field.bits : value];
  });
  return Object.fromEntries(values) as Values<T>;
}

/** Every field zero: a start for values of which few matter. */
export function zeros<T extends Words>(words: T): Values<T> {
  return Object.fromEntries(placesOf(words).map(({ name }) => [name, 0])) as Values<T>;
}
