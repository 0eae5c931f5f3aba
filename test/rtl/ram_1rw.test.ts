import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

describe.each([
  { Width: 1, Depth: 1, AddrW: 1 },
  { Width: 32, Depth: 700, AddrW: 10 },
])("ram_1rw of $Depth words of $Width bits", (shape) => {
  it("reads in the cycle of the address, the old word while another is written", () =>
    withModule("ram_1rw", shape, (dut) => {
      const random = benchRandom(1);
      const words = Array.from({ length: shape.Depth }, () => random.bits(shape.Width));
      dut.poke("we_i", 1);
      for (const [address, word] of words.entries()) {
        dut.poke("addr_i", address);
        dut.poke("wdata_i", word);
        dut.step();
      }
      for (let i = 0; i < 3000; i += 1) {
        const [write, address, word] = [
          random.chance(50),
          random.below(shape.Depth),
          random.bits(shape.Width),
        ];
        dut.poke("we_i", write);
        dut.poke("addr_i", address);
        dut.poke("wdata_i", word);
        dut.eval();
        expect(dut.peek("rdata_o")).toBe(words[address]);
        dut.step();
        if (write) words[address] = word;
        expect(dut.peek("rdata_o")).toBe(words[address]);
      }
    }));
});
