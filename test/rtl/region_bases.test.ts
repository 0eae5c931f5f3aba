import { describe, expect, it } from "vitest";
import { packWords, withModule } from "./helper.ts";

const good = [0x1000, 0xffff_f000, 0, 0x8765_4000];

describe("region_bases", () => {
  it("holds the bases of the start, whatever is written afterwards", () =>
    withModule("region_bases", {}, (dut) => {
      dut.poke("bases_i", packWords(good));
      dut.poke("start_i", 1);
      dut.step();
      dut.poke("start_i", 0);
      dut.eval();
      expect(dut.peekNumber("start_o")).toBe(1);
      for (const bases of [good, [1, 2, 3, 4], good.map((base) => base ^ 0x1000)]) {
        dut.poke("bases_i", packWords(bases));
        dut.step();
        expect(dut.peek("bases_o")).toBe(packWords(good));
        expect([dut.peekNumber("start_o"), dut.peekNumber("refused_o")]).toEqual([0, 0]);
      }
    }));

  it("refuses a start from a base with any bit below 4096, for one cycle", () =>
    withModule("region_bases", {}, (dut) => {
      for (let region = 0; region < 4; region += 1) {
        for (let bit = 0; bit < 32; bit += 1) {
          const aligned = bit >= 12;
          dut.poke(
            "bases_i",
            packWords(good.map((base, r) => (r === region ? (base ^ (1 << bit)) >>> 0 : base))),
          );
          dut.poke("start_i", 1);
          dut.step();
          dut.poke("start_i", 0);
          dut.eval();
          expect(dut.peekNumber("start_o"), `region ${region}, bit ${bit}`).toBe(Number(aligned));
          expect(dut.peekNumber("refused_o")).toBe(Number(!aligned));
          dut.step();
          expect([dut.peekNumber("start_o"), dut.peekNumber("refused_o")]).toEqual([0, 0]);
        }
      }
    }));
});
