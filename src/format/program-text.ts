/** A program in words, by the labels of its tables. */
import {
  phaseKinds,
  phaseWords,
  resultWords,
  rowReaderWords,
  rowWriterWords,
  sequencerWords,
  weightLoaderWords,
  type Descriptor,
} from "./descriptor.ts";
import { placesOf, type FieldName, type Values, type Words } from "./fields.ts";
import { programBytes, type Program } from "./read-program.ts";
import { regions } from "./regions.ts";

/** What numbers of some fields stand for; others are shown as they are. */
const meanings: Readonly<Record<string, (value: number) => string>> = {
  region: (value) => regions[value] ?? String(value),
  kind: (value) => phaseKinds[value] ?? String(value),
  producer: (value) => `block ${value - 1}`,
  activation: (value) => `kernel or slot of tables ${value - 1}`,
};

/** The header, then every block: a heading for each of its parts, a line for each word, of its fields those that are not zero. */
export function formatProgram(file: string, { blocks, header }: Program): string {
  const { busBytes, lanes, multipliers, third } = header;
  const phases = third === 1 ? "three phases" : "two phases";
  const lines = [
    `${file}: a program of ${programBytes({ header })} bytes: ${blocks.length} ${blocks.length === 1 ? "block" : "blocks"} of up to ${phases}`,
    `for ${lanes} lanes of ${multipliers} multipliers on a bus of ${busBytes} bytes; fields that are zero are left out`,
    ...blocks.flatMap((block, index) => ["", `block ${index}`, ...blockLines(block)]),
  ];
  return `${lines.join("\n")}\n`;
}

function blockLines(block: Descriptor): readonly string[] {
  return [
    ...part("row reader", rowReaderWords, block.rowReader),
    ...part("weight loader", weightLoaderWords, block.weightLoader),
    ...part("row writer", rowWriterWords, block.rowWriter),
    ...part("sequencer", sequencerWords, block.sequencer),
    ...block.phases.flatMap((phase, index) => part(`phase ${index}`, phaseWords, phase, ["kind"])),
    ...part("residual and pool", resultWords, block.results),
  ];
}

/** `always`: fields that are shown also when they are zero. */
export function part<T extends Words>(
  title: string,
  words: T,
  values: Values<T>,
  always: readonly FieldName<T>[] = [],
): readonly string[] {
  const shown = placesOf(words).flatMap(({ field, name, word }) => {
    const value = values[name as FieldName<T>];
    if (value === 0 && !always.includes(name as FieldName<T>)) return [];
    // A single bit is its label alone.
    const text = field.bits === 1 ? field.label : `${field.label} ${meanings[name]?.(value) ?? value}`;
    return [{ word, text }];
  });
  const lines = words.map((_, index) => shown.filter(({ word }) => word === index).map(({ text }) => text));
  return [
    `  ${title}`,
    ...lines.filter(({ length }) => length > 0).map((texts) => `    ${texts.join(", ")}`),
  ];
}
