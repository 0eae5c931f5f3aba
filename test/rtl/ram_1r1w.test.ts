import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

describe.each([
  { Width: 1, Depth: 1, AddrW: 1 },
  { Width: 72, Depth: 100, AddrW: 10 },
])("ram_1r1w of $Depth words of $Width bits", (shape) => {
  it("reads a cycle late, the old word when it is being written", () =>
    withModule("ram_1r1w", shape, (dut) => {
      const random = benchRandom(1);
      const words = Array.from({ length: shape.Depth }, () => random.bits(shape.Width));
      dut.poke("we_i", 1);
      for (const [address, word] of words.entries()) {
        dut.poke("waddr_i", address);
        dut.poke("wdata_i", word);
        dut.step();
      }
      let collisions = 0;
      for (let i = 0; i < 2000; i += 1) {
        const write = random.chance(50);
        const to = random.below(shape.Depth);
        const from = random.chance(30) ? to : random.below(shape.Depth);
        const word = random.bits(shape.Width);
        dut.poke("we_i", write);
        dut.poke("waddr_i", to);
        dut.poke("wdata_i", word);
        dut.poke("raddr_i", from);
        dut.step();
        expect(dut.peek("rdata_o")).toBe(words[from]);
        if (!write) continue;
        if (to === from && words[to] !== word) collisions += 1;
        words[to] = word;
      }
      expect(collisions).toBeGreaterThan(200);
    }));
});
