import { describe, expect, it } from "vitest";
import { withModule } from "./helper.ts";

describe("image_done", () => {
  it("pulses when all blocks are in memory, no row is on its way and the array is idle, or when there is no program", () =>
    withModule("image_done", {}, (dut) => {
      for (let i = 0; i < 16; i += 1) {
        const [busy, loaded, bad, idle] = [1, 2, 4, 8].map((bit) => (i & bit) !== 0);
        for (const [blocks, written, read] of [
          [1, 0, 0],
          [1, 0, 1],
          [1, 1, 0],
          [1, 1, 1],
          [255, 254, 255],
          [255, 255, 254],
          [255, 255, 255],
          [128, 0, 0],
        ] as const) {
          dut.poke("busy_i", busy!);
          dut.poke("loaded_i", loaded!);
          dut.poke("bad_program_i", bad!);
          dut.poke("array_idle_i", idle!);
          dut.poke("blocks_i", blocks);
          dut.poke("blocks_done_i", written);
          dut.poke("reader_block_i", read);
          dut.eval();
          const expected = busy && (bad || (loaded && blocks === written && blocks === read && idle));
          expect(dut.peekNumber("done_o")).toBe(Number(expected));
        }
      }
    }));
});
