import { expect, it } from "vitest";
import { errorText } from "../../src/format/error-text.ts";
import { maskOf, registers } from "../../src/format/registers.ts";
import { encode } from "../../src/format/fields.ts";

const words = (
  errors: readonly string[],
  unit: number,
  block: number,
  decode: number,
  errorAddress: number,
) => ({
  errorRegister: errors.reduce((all, bit) => all | maskOf("error", bit), 0),
  errorPlace: encode([registers.errorPlace.bits], { unit, block, decode })[0]!,
  errorAddress,
});

it.each([
  [words([], 1, 2, 0, 3), ""],
  [words(["watchdog"], 1, 2, 0, 3), "no progress"],
  [words(["read"], 2, 7, 0, 0x40), "read response: rows of block 7 at 0x00000040 with SLVERR"],
  [
    words(["read", "weights"], 4, 255, 1, 0xffff_fff0),
    "read response, check of weights or a table: weights and tables of block 255 at 0xfffffff0 with DECERR",
  ],
  [words(["write"], 5, 0, 1, 0x1000), "write response: results of block 0 at 0x00001000 with DECERR"],
  [words(["outside"], 5, 3, 0, 0), "write outside its region, not done: results of block 3 at 0x00000000"],
])("says what %o is", (registersRead, text) => {
  expect(errorText(registersRead)).toBe(text);
});
