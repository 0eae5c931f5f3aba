import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { loadDescriptors, packWords, withModule } from "./helper.ts";

describe.each([
  { BusBytes: 8, MaxBlocks: 1, FirstWord: 52, Words: 12 },
  { BusBytes: 16, MaxBlocks: 255, FirstWord: 0, Words: 8 },
  { BusBytes: 16, MaxBlocks: 20, FirstWord: 24, Words: 4 },
  { BusBytes: 8, MaxBlocks: 7, FirstWord: 64, Words: 12 },
  { BusBytes: 16, MaxBlocks: 3, FirstWord: 116, Words: 12 },
])("program_ram of words $FirstWord and up, $BusBytes bytes, $MaxBlocks blocks", (shape) => {
  const random = benchRandom(9);
  const blocks = Array.from({ length: shape.MaxBlocks }, () =>
    Array.from({ length: 128 }, () => Number(random.bits(32))),
  );
  const fields = (block: number) =>
    packWords((blocks[block] ?? []).slice(shape.FirstWord, shape.FirstWord + shape.Words));

  it("keeps its words of every block", () =>
    withModule("program_ram", shape, (dut) => {
      loadDescriptors(dut, blocks);
      for (let i = 0; i < 300; i += 1) {
        const block = i < shape.MaxBlocks ? i : random.below(shape.MaxBlocks);
        dut.poke("block_i", block);
        dut.step();
        expect(dut.peek("fields_o")).toBe(fields(block));
      }
    }));

  it("writes only when the stream is valid, and holds its output for a cycle", () =>
    withModule("program_ram", shape, (dut) => {
      loadDescriptors(dut, blocks);
      dut.poke("desc_block_i", 0);
      dut.poke("desc_beat_i", (shape.FirstWord * 4) / shape.BusBytes);
      dut.poke("desc_data_i", 0);
      dut.poke("block_i", 0);
      dut.step(2);
      expect(dut.peek("fields_o")).toBe(fields(0));
      dut.poke("desc_valid_i", 1);
      dut.step();
      expect(dut.peek("fields_o")).toBe(fields(0));
      dut.poke("desc_valid_i", 0);
      dut.step();
      const gone = 8n * BigInt(shape.BusBytes);
      expect(dut.peek("fields_o")).toBe((fields(0) >> gone) << gone);
    }));
});
