import { expect, it } from "vitest";
import { withModule } from "./helper.ts";

it.each([
  { Ring: 16, Kept: 0 },
  { Ring: 16, Kept: 5 },
  { Ring: 64, Kept: 1000 },
])("store_address of a ring of $Ring and $Kept that stay", ({ Kept, Ring }) =>
  withModule("store_address", { Ring, Kept }, (dut) => {
    for (let number = 0; number < 2 * (Ring + Kept); number += 1) {
      dut.poke("number_i", number);
      dut.poke("kept_i", 0);
      dut.eval();
      expect(dut.peekNumber("addr_o")).toBe(number % Ring);
      if (number >= Kept) continue;
      dut.poke("kept_i", 1);
      dut.eval();
      expect(dut.peekNumber("addr_o")).toBe(Ring + number);
    }
  }),
);
