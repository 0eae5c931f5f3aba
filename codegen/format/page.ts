/** docs/formats.md: every format of the hardware as tables. */
import { descriptorBytes, descriptorParts, firstWordOf, phaseKinds } from "../../src/format/descriptor.ts";
import { placesOf, type Place, type Words } from "../../src/format/fields.ts";
import { laneWords } from "../../src/format/group-record.ts";
import { HEADER_BYTES, headerWords, PROGRAM_MAGIC } from "../../src/format/program.ts";
import { REGION_ALIGNMENT, regions } from "../../src/format/regions.ts";
import { registerList } from "../../src/format/registers.ts";
import {
  constantWords,
  LAYER_WORDS,
  moveNames,
  moveWords,
  packetKinds,
  packetWords,
} from "../../src/format/small-program.ts";
import { tokenFields, type TokenField } from "../../src/format/token.ts";
import { hexByte } from "./registers.ts";

export function formatsPage(): string {
  const hex = `0x${PROGRAM_MAGIC.toString(16)}`;
  return `# Formats: what hardware and host exchange, bit by bit

Written by \`npm run formats\` from the tables in \`src/format\`, of which the compiler's encoder, the Verilog that names the fields, the
drivers and \`firebrick inspect --program\` are made too; a test holds it current. [hardware.md](hardware.md) says what the fields mean.
Words have 32 bits, little endian; bits that no row names are zero. \`+\` marks two's complement.

## Program header

The first ${headerWords.length} words of the model region; zeros up to ${HEADER_BYTES} bytes follow, then a descriptor a block. The magic is
\`${hex}\`, "FBK1" in memory.

${wordTable(headerWords)}
## Descriptor

${descriptorBytes(2)} bytes a block, ${descriptorBytes(3)} where the accelerator has a third phase.

${partTable()}
The kinds of phases by number: ${named(phaseKinds)}. The regions: ${named(regions)}.

${partSections()}## Group record

The constants of Pk lanes in front of the weights of a group: word 0 of every lane, then word 1 of every lane, then word 2. Weight words follow.

${wordTable(laneWords)}
## Result token

What travels with a step through the multiplier array and comes out beside its result. Low bits first; \`AddrW\` and \`BankW\` are the bits of
a line-buffer word address and of its bank.

${tokenTable()}
## Registers

AXI4-Lite, in the \`ap_ctrl\` layout of Vitis. Where a register holds a base, it is a multiple of ${REGION_ALIGNMENT} bytes.

${registerTable()}
## Small engine

What the engine of [icebreaker.md](icebreaker.md) reads from its flash: packets of 16-bit words, little endian, each with a header of one such
word. The kinds of packets by number: ${named(packetKinds)}.

${wordTable(packetWords)}
A packet of a layer holds ${LAYER_WORDS} words of 32 bits, the lower half first: ${moveNames.length} moves, the constants, zeros. The moves in their
order: ${moveNames.join(", ")}. What a move adds has two's complement; a column and a row of a move have nine bits, the highest of them apart.

${wordTable(moveWords)}
The constants, the words counted from the first behind the moves:

${wordTable(constantWords)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return [line(head), `|${head.map(() => "---|").join("")}\n`, ...rows.map(line)].join("");
}

const named = (names: readonly string[]): string => names.map((name, i) => `${i} ${name}`).join(", ");

/** `15:8`, `3`. */
const bitsOf = ({ field, lsb }: Place): string =>
  field.bits === 1 ? `${lsb}` : `${lsb + field.bits - 1}:${lsb}`;

function wordTable(words: Words): string {
  return table(
    ["word", "bits", "field"],
    placesOf(words).map((place) => [
      `${place.word}`,
      bitsOf(place),
      `${place.field.label}${place.field.signed ? " +" : ""}`,
    ]),
  );
}

/** The parts in the order of their words, and where their fields are listed. */
const titles: Readonly<Record<keyof typeof descriptorParts, string>> = {
  rowReader: "row reader",
  weightLoader: "weight loader",
  rowWriter: "row writer",
  sequencer: "sequencer",
  phase0: "phase",
  phase1: "phase",
  results: "residual and pool",
  phase2: "phase",
};

const parts = Object.entries(descriptorParts) as [keyof typeof descriptorParts, Words][];

function partTable(): string {
  const rows = parts.map(([name, words]) => {
    const first = firstWordOf(name);
    const title = /^phase(.)$/.exec(name);
    return [`${first} to ${first + words.length - 1}`, title ? `phase ${title[1]}` : titles[name]];
  });
  return table(["words", "part"], rows);
}

/** A section for each kind of part; the words are counted from its first. */
function partSections(): string {
  const kinds = new Map(parts.map(([name, words]) => [titles[name], words]));
  return [...kinds].map(([title, words]) => `### Words of the ${title}\n\n${wordTable(words)}\n`).join("");
}

function tokenTable(): string {
  return table(
    ["bits", "field"],
    Object.values<TokenField>(tokenFields).map(({ bits, label, onlyWithActivations }) => [
      `${bits}`,
      `${label}${onlyWithActivations ? ", only with kernels behind the lanes" : ""}`,
    ]),
  );
}

function registerTable(): string {
  return table(
    ["address", "register", "access", "bits"],
    registerList.map(({ access, address, bits, label }) => [
      `\`${hexByte(address)}\``,
      label,
      access,
      placesOf([bits])
        .map((place) => `${bitsOf(place)} ${place.field.label}`)
        .join("; "),
    ]),
  );
}
