/** Fields of a table as wires of a Verilog module: its outputs, and what they are cut out of. */
import { placesOf, type Place, type Words } from "../../src/format/fields.ts";
import { moduleText, snake, type ModuleText, type Port } from "./verilog.ts";

/** An output of a module: a field, the words of a part, or whether a field has a value. */
export interface Wire {
  readonly name: string;
  readonly label: string;
  readonly width: number | "AddrW";
  readonly word: number;
  readonly lastWord: number;
  readonly lsb: number;
  /** The wire is one bit: that the field, of so many bits, is this number. */
  readonly equals?: { readonly value: number; readonly bits: number };
}

export const addressParameter = { name: "AddrW", value: 10, comment: "bits of a line-buffer word address" };
export const usesAddress = (wires: readonly Wire[]): boolean => wires.some(({ width }) => width === "AddrW");

/** The wires of a field in words of which the first is word `first` of what they are cut out of. */
export function fieldWire({ field, lsb, name, word }: Place, first: number): Wire {
  const width = field.wires ?? field.bits;
  return { name: snake(name), label: field.label, width, word: first + word, lastWord: first + word, lsb };
}

export function portOf({ label, name, width }: Wire): Port {
  return { direction: "output", name: `${name}_o`, width, comment: label };
}

/** `from`: bits of which the first are those of word `first`. */
export function assignment({ equals, lsb, name, width, word }: Wire, from: string, first: number): string {
  const at = 32 * (word - first) + lsb;
  const bits = (count: number | string): string => `${from}[${count === 1 ? at : `${at}+:${count}`}]`;
  if (equals === undefined) return `  assign ${name}_o = ${bits(width)};`;
  return `  assign ${name}_o = ${bits(equals.bits)} == ${equals.bits}'d${equals.value};`;
}

/** A combinational module that cuts its input words into wires. */
export function wiresModule(
  text: Pick<ModuleText, "name" | "table" | "purpose">,
  words: Words,
  wires: readonly Wire[],
): string {
  return moduleText({
    ...text,
    parameters: usesAddress(wires) ? [addressParameter] : [],
    ports: [
      { ports: [{ direction: "input", name: "words_i", width: 32 * words.length }] },
      { ports: wires.map(portOf) },
    ],
    body: [...wires.map((wire) => assignment(wire, "words_i", 0)), "  wire unused_words = &{1'b0, words_i};"],
  });
}

/** The wires of those fields of the words that have one of the names; of all without names. */
export function wiresOfFields(words: Words, first = 0, names?: readonly string[]): readonly Wire[] {
  return placesOf(words)
    .filter(({ name }) => names?.includes(name) ?? true)
    .map((place) => fieldWire(place, first));
}
