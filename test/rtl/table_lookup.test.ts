import { expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

it("lets the value pass, or takes its entry in the chosen table, a cycle later", () =>
  withModule("table_lookup", {}, (dut) => {
    const random = benchRandom(8);
    const entries = Array.from({ length: 8 * 256 }, () => Number(random.bits(8)));
    dut.poke("we_i", 1);
    entries.forEach((entry, place) => {
      dut.poke("addr_i", place);
      dut.poke("data_i", entry);
      dut.step();
    });
    dut.poke("we_i", 0);
    for (let slot = 0; slot < 8; slot += 1) {
      for (let value = -128; value < 128; value += 1) {
        const isLookedUp = random.chance(90);
        dut.poke("looked_up_i", Number(isLookedUp));
        dut.poke("slot_i", slot);
        dut.poke("value_i", value & 255);
        // what is not written stays
        dut.poke("addr_i", random.bits(11));
        dut.poke("data_i", random.bits(8));
        dut.step();
        const wanted = isLookedUp ? entries[256 * slot + value + 128] : value & 255;
        expect(dut.peekNumber("data_o"), `${value} in slot ${slot}`).toBe(wanted);
      }
    }
  }));
