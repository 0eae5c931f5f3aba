import { expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

it("residual_rows counts the rows of the reader's block, from 0 for each block", () =>
  withModule("residual_rows", {}, (dut) => {
    const random = benchRandom(6);
    let [reader, last, rows] = [0, 0, 0];
    for (let cycle = 0; cycle < 3000; cycle += 1) {
      if (random.chance(3)) reader = (reader + 1 + random.below(3)) & 255;
      const block = random.chance(70) ? reader : random.below(256);
      const end = random.chance(40);
      dut.poke("reader_block_i", reader);
      dut.poke("block_i", block);
      dut.poke("row_end_i", end);
      dut.eval();
      // at once 0 when the reader has gone on to another block
      expect(dut.peekNumber("rows_freed_o")).toBe(reader === last ? rows : 0);
      dut.step();
      if (reader !== last) rows = 0;
      else if (end && block === reader) rows += 1;
      last = reader;
    }
    expect(rows).toBeGreaterThan(0);
    dut.poke("row_end_i", 0);
    dut.reset(1);
    expect(dut.peekNumber("rows_freed_o")).toBe(0);
  }));
