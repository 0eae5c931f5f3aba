import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

describe("weight_release", () => {
  it("turns absolute counts into what became free, across the wrap and after reset", () =>
    withModule("weight_release", {}, (dut) => {
      const random = benchRandom(10);
      const last = { words: 0, groups: 0 };
      let wraps = 0;
      for (let i = 0; i < 3000; i += 1) {
        const valid = random.chance(50);
        const reset = random.chance(1);
        const now = {
          words: (last.words + random.below(3000)) & 0xffff,
          groups: (last.groups + random.below(200)) & 0xffff,
        };
        if (now.words < last.words) wraps += 1;
        dut.poke("valid_i", valid);
        dut.poke("words_i", now.words);
        dut.poke("groups_i", now.groups);
        dut.poke("rst_i", reset);
        dut.step();
        expect(dut.peekNumber("free_valid_o")).toBe(Number(valid && !reset));
        if (reset) {
          last.words = last.groups = 0;
        } else if (valid) {
          expect(dut.peekNumber("free_words_o")).toBe((now.words - last.words) & 0xffff);
          expect(dut.peekNumber("free_groups_o")).toBe((now.groups - last.groups) & 0xffff);
          Object.assign(last, now);
        }
      }
      expect(wraps).toBeGreaterThan(5);
    }));
});
