import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { columnOf, places, WINDOW_WORDS } from "../../src/format/places.ts";
import { packFields, withModule } from "./helper.ts";
import { packBytes, randomInt8 } from "./support/bytes.ts";

describe.each([4, 16])("%d multipliers", (pc) => {
  it("take the activation at the place that a selector names, of the table that the scheduler has", () =>
    withModule("operand_select", { Pc: pc }, (dut) => {
      const random = benchRandom(pc);
      for (let round = 0; round < 50; round++) {
        const window = randomInt8(random, WINDOW_WORDS * pc);
        const selectors = Array.from({ length: pc }, () => random.below(places.length));
        dut.poke("window_i", packBytes(window));
        dut.poke("selectors_i", packFields(selectors, 3));
        const wanted = selectors.map((selector, j) => {
          const place = places[selector]!;
          return window[place.word * pc + columnOf(j, place, pc)]!;
        });
        dut.eval();
        expect(dut.peek("operands_o")).toBe(packBytes(wanted));
      }
    }));
});
