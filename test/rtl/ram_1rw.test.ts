import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { cellsOf } from "./vendor/cells.ts";
import { packagePath } from "../../src/ir/package-root.ts";
import { withModule } from "./helper.ts";

describe.each([
  { Width: 1, Depth: 1, AddrW: 1 },
  { Width: 40, Depth: 256, AddrW: 8 },
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

it("becomes look-up table memory on UltraScale+ where it is deeper than 256 words", async () => {
  const flow =
    "chparam -set Depth 700 -set AddrW 10 ram_1rw; synth_xilinx -flatten -noiopad -noclkbuf -family xcup -top ram_1rw";
  const cells = await cellsOf([packagePath("hw", "rtl", "ram_1rw.v")], flow);
  expect(cells).toMatchObject({ RAM256X1S: 16 });
  expect(Object.keys(cells).filter((cell) => /^(FD|RAMB)/.test(cell))).toEqual([]);
});
