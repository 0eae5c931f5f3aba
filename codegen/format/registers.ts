/** What is made of the register table: Verilog, C++ of the simulator, the names of the drivers. */
import { placesOf, type Place } from "../../src/format/fields.ts";
import {
  busErrorMask,
  counterNames,
  errorUnits,
  maskOf,
  maskOfErrors,
  numberedUnits,
  placedErrorMask,
  registerList,
  registers,
  type Register,
  type RegisterName,
} from "../../src/format/registers.ts";
import type { View } from "../render.ts";
import { c } from "../text/languages.ts";
import { concatenation, moduleText, snake, type Port } from "./verilog.ts";

type Named = (typeof registerList)[number];

const table = "src/format/registers.ts";
const isRead = ({ access }: Register): boolean => access !== "write";
const isWritten = ({ access }: Register): boolean => access !== "read";
const wordAddress = ({ address }: Register): string => `6'h${(address / 4).toString(16).padStart(2, "0")}`;

const upper = (name: string): string => snake(name).toUpperCase();

/** The wires of a field: the register's name, with the field's where the register has several. */
function wires({ bits, name }: Named, field: string): string {
  return placesOf([bits]).length === 1 ? snake(name) : snake(`${name}_${field}`);
}

/** Fields that a write gives a new value. A whole word has none: whoever keeps it takes the word, byte by byte. */
function writtenFields(register: Named): readonly Place[] {
  const { bits, written } = register;
  return placesOf([bits]).filter(({ field, name }) => field.bits < 32 && (written?.includes(name) ?? true));
}

export function registerWriteModule(): string {
  const all = registerList.filter(isWritten);
  const fields = all.flatMap((register) => writtenFields(register).map((place) => ({ register, place })));
  const select = (register: Named): string => `to_${snake(register.name)}_o`;
  const output = (name: string, width: number): Port => ({ direction: "output", name, width });
  const bits = ({ field, lsb }: Place): string =>
    field.bits === 1 ? `${lsb}` : `${lsb + field.bits - 1}:${lsb}`;
  return moduleText({
    name: "register_write",
    table,
    purpose: ["What the host writes: the register of an address, and the bits in its word. Combinational."],
    ports: [
      {
        ports: [
          { direction: "input", name: "addr_i", width: 6, comment: "word address" },
          { direction: "input", name: "data_i", width: 32 },
        ],
      },
      { heading: "the register", ports: all.map((register) => output(select(register), 1)) },
      {
        heading: "the word as bits of each",
        ports: fields.map(({ place, register }) =>
          output(`${wires(register, place.name)}_o`, place.field.bits),
        ),
      },
    ],
    body: [
      ...all.map((register) => `  assign ${select(register)} = addr_i == ${wordAddress(register)};`),
      "",
      ...fields.map(
        ({ place, register }) => `  assign ${wires(register, place.name)}_o = data_i[${bits(place)}];`,
      ),
      "  wire unused_data = &{1'b0, data_i};",
    ],
  });
}

export function registerReadModule(): string {
  const all = registerList.filter(isRead);
  const watched = all.filter(({ changedByRead }) => changedByRead);
  const output = { direction: "output" } as const;
  const input = (register: Named) => (name: string) => `${wires(register, name)}_i`;
  return moduleText({
    name: "register_read",
    table,
    purpose: ["What the host reads: the word at an address, of the bits in each register. Combinational."],
    ports: [
      { ports: [{ direction: "input", name: "addr_i", width: 6, comment: "word address" }] },
      {
        ports: all.flatMap((register) =>
          placesOf([register.bits]).map(({ field, name }): Port => ({
            direction: "input",
            name: input(register)(name),
            width: field.bits,
          })),
        ),
      },
      {
        ports: [
          ...watched.map(({ name }) => ({ ...output, name: `from_${snake(name)}_o`, width: 1 })),
          { ...output, name: "data_o", width: 32 },
        ],
      },
    ],
    body: [
      ...watched.map(
        (register) => `  assign from_${snake(register.name)}_o = addr_i == ${wordAddress(register)};`,
      ),
      "  reg [31:0] data;",
      "  always @* begin",
      "    case (addr_i)",
      ...all.map(
        (register) =>
          `      ${wordAddress(register)}: data = ${concatenation([register.bits], input(register))};`,
      ),
      "      default: data = 32'd0;",
      "    endcase",
      "  end",
      "  assign data_o = data;",
    ],
  });
}

/** sim/harness/registers.h: addresses, and the bits of registers that have several or one. */
export function harnessRegisters(): string {
  const address = ({ address: at, name }: Named): string =>
    `constexpr uint32_t REG_${upper(name)} = ${hexByte(at)};\n`;
  const masks = registerList.flatMap(({ bits, name }) =>
    placesOf([bits])
      .filter(({ field }) => field.bits === 1)
      .map(({ name: bit }) => `constexpr uint32_t ${upper(name)}_${upper(bit)} = ${maskOf(name, bit)};\n`),
  );
  const counters = counterNames.map((name) => `REG_${upper(name)}`).join(", ");
  return [
    "// Registers of the accelerator.\n",
    `// Made of ${table} by \`npm run formats\`: change the table, not this file.\n`,
    "#pragma once\n\n#include <cstdint>\n\n",
    ...registerList.map(address),
    "\n",
    ...masks,
    `\nconstexpr uint32_t COUNTER_REGISTERS[] = {${counters}};\n`,
  ].join("");
}

/** `0x1c`. */
export function hexByte(address: number): string {
  return `0x${address.toString(16).padStart(2, "0")}`;
}

/** What the driver in templates/board calls addresses, and the bits that it looks at. */
export function driverRegisters(): View {
  const bits = (name: RegisterName, names: readonly string[]) =>
    names.map((bit) => ({ upper: upper(`${name}_${bit}`), mask: maskOf(name, bit) }));
  return {
    registers: registerList.map(({ address, name }, i) => ({
      lower: snake(name),
      upper: upper(name),
      address: hexByte(address),
      comma: i < registerList.length - 1 ? c`,` : c``,
    })),
    registerBits: [
      ...bits("control", ["start", "done"]),
      ...bits("error", Object.keys(registers.error.bits)),
    ],
    errorUnits: errorUnits.map((name) => ({ name })),
    numberedUnits,
    ofBus: busErrorMask,
    placed: placedErrorMask,
    allErrors: maskOfErrors(Object.keys(registers.error.bits)),
    ...Object.fromEntries(
      placesOf([registers.errorPlace.bits]).map(({ field, lsb, name }) => [
        name,
        { shift: lsb, mask: 2 ** field.bits - 1 },
      ]),
    ),
    errors: Object.entries(registers.error.bits).map(([bit, { label }]) => ({
      mask: maskOf("error", bit),
      text: label,
    })),
  };
}
