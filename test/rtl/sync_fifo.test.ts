import { describe, expect, it } from "vitest";
import { benchRandom, cycle, runCycles, streamSink, streamSource } from "../../sim/bench/index.ts";
import { observer, withModule } from "./helper.ts";

const shapes = [
  { Width: 1, Depth: 2 },
  { Width: 25, Depth: 64 },
];
const loads = [
  { idle: 0, stall: 0 },
  { idle: 60, stall: 0 },
  { idle: 0, stall: 60 },
  { idle: 40, stall: 40 },
];

describe.each(shapes)("sync_fifo of $Width bits, $Depth words", (shape) => {
  it.each(loads)("passes all words in order and counts them, idle $idle, stalled $stall percent", (load) =>
    withModule("sync_fifo", shape, (dut) => {
      const random = benchRandom(3);
      const words = Array.from({ length: 400 }, () => random.bits(shape.Width));
      const source = streamSource(dut, { group: "in", idle: load.idle });
      const sink = streamSink(dut, { group: "out", stall: load.stall });
      source.push(...words.map((data) => ({ data })));
      let most = 0;
      const counter = observer(() => {
        const count = dut.peekNumber("count_o");
        expect(dut.peekNumber("out_valid_o")).toBe(count > 0 ? 1 : 0);
        expect(dut.peekNumber("in_ready_o")).toBe(count < shape.Depth ? 1 : 0);
        most = Math.max(most, count);
      });
      const cycles = runCycles(dut, [counter, source, sink], {
        until: () => sink.beats.length === words.length,
      });
      expect(sink.values()).toEqual(words);
      expect(dut.peekNumber("count_o")).toBe(0);
      if (load.idle === 0 && load.stall === 0) expect(cycles).toBe(words.length + 1);
      if (load.idle === 0 && load.stall > 0) expect(most).toBe(shape.Depth);
    }),
  );

  it("is empty after clear, when full and while a word comes in", () =>
    withModule("sync_fifo", shape, (dut) => {
      const source = streamSource(dut, { group: "in" });
      source.push(...Array.from({ length: 3 * shape.Depth }, () => ({ data: 1 })));
      for (let i = 0; i <= shape.Depth; i += 1) cycle(dut, [source]);
      expect(dut.peekNumber("count_o")).toBe(shape.Depth);
      dut.poke("clear_i", 1);
      cycle(dut, [source]);
      dut.poke("clear_i", 0);
      dut.eval();
      expect(dut.peekNumber("count_o")).toBe(0);
      expect(dut.peekNumber("out_valid_o")).toBe(0);
      cycle(dut, [source]);
      expect(dut.peekNumber("count_o")).toBe(1);
      expect(dut.peekNumber("out_data_o")).toBe(1);
    }));
});
