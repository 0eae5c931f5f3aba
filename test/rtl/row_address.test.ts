import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { packFields, withModule } from "./helper.ts";

describe.each([
  { Bytes: 8, Banks: 1, AddrW: 4, BankW: 1 },
  { Bytes: 32, Banks: 5, AddrW: 10, BankW: 3 },
])("row_address of $Banks banks", (shape) => {
  const { Bytes, Banks, AddrW } = shape;
  const words = 2 ** AddrW;

  it("addresses every bank of a window, and of another step", () =>
    withModule("row_address", shape, (dut) => {
      const random = benchRandom(4);
      for (let i = 0; i < 2000; i += 1) {
        const window = random.chance(50);
        const bank = random.below(Banks);
        const addr = random.below(words);
        const next = random.below(words);
        // a padded column lies before the row: its offset wraps
        const offset = random.chance(20) ? -1 - random.below(200) : random.below(Bytes * words);
        dut.poke("window_i", window);
        dut.poke("bank_i", bank);
        dut.poke("addr_i", addr);
        dut.poke("next_i", next);
        dut.poke("offset_i", offset);
        dut.eval();
        const expected = Array.from({ length: Banks }, (_, b) => {
          const row = window && b < bank ? next : addr;
          return (row + Math.floor(offset / Bytes) + 2 ** 20) % words;
        });
        expect(dut.peek("raddr_o")).toBe(packFields(expected, AddrW));
      }
    }));
});
