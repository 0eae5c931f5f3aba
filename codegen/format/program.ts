/** What is made of the program header's table: the Verilog that names its fields. */
import { placesOf } from "../../src/format/fields.ts";
import { headerWords, PROGRAM_MAGIC } from "../../src/format/program.ts";
import { moduleText, snake, type Port } from "./verilog.ts";
import { known } from "../../src/ir/known.ts";

export function headerModule(): string {
  const all = placesOf(headerWords).map(({ field, lsb, name, word }) => {
    const at = 32 * word + lsb;
    const bits = `words_i[${field.bits === 1 ? at : `${at}+:${field.bits}`}]`;
    return { name, bits, at, width: field.bits, label: field.label };
  });
  const magic = known(
    all.find(({ name }) => name === "magic"),
    "a program header has a magic number",
  );
  const numbers = all.filter((one) => one !== magic);
  const held = all.reduce((mask, { at, width }) => mask | (((1n << BigInt(width)) - 1n) << BigInt(at)), 0n);
  const bitCount = 32 * headerWords.length;
  const gaps = ((1n << BigInt(bitCount)) - 1n) ^ held;
  const hex = (value: bigint): string => `${bitCount}'h${value.toString(16)}`;
  return moduleText({
    name: "program_header",
    table: "src/format/program.ts",
    purpose: ["The header of a program. Combinational."],
    ports: [
      { ports: [{ direction: "input", name: "words_i", width: bitCount }] },
      {
        ports: [
          { direction: "output", name: "magic_ok_o", width: 1, comment: "it is one" },
          { direction: "output", name: "gaps_ok_o", width: 1, comment: "bits without a meaning are zero" },
          ...numbers.map(({ label, name, width }): Port => ({
            direction: "output",
            name: `${snake(name)}_o`,
            width,
            comment: label,
          })),
        ],
      },
    ],
    body: [
      `  assign magic_ok_o = ${magic.bits} == 32'h${PROGRAM_MAGIC.toString(16)};`,
      `  assign gaps_ok_o = (words_i & ${hex(gaps)}) == ${bitCount}'d0;`,
      ...numbers.map(({ bits, name }) => `  assign ${snake(name)}_o = ${bits};`),
    ],
  });
}
