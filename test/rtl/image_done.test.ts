import { describe, expect, it } from "vitest";
import { withModule } from "./helper.ts";

describe("image_done", () => {
  it("pulses when all blocks are in memory and no row is on its way, or when there is no program", () =>
    withModule("image_done", {}, (dut) => {
      for (let i = 0; i < 8; i += 1) {
        const [busy, loaded, bad] = [(i & 1) === 1, (i & 2) !== 0, (i & 4) !== 0];
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
          dut.poke("busy_i", busy);
          dut.poke("loaded_i", loaded);
          dut.poke("bad_program_i", bad);
          dut.poke("blocks_i", blocks);
          dut.poke("blocks_done_i", written);
          dut.poke("reader_block_i", read);
          dut.eval();
          const expected = busy && (bad || (loaded && blocks === written && blocks === read));
          expect(dut.peekNumber("done_o")).toBe(Number(expected));
        }
      }
    }));
});
