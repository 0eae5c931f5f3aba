import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

describe.each([
  { Width: 1, Stages: 1 },
  { Width: 150, Stages: 4 },
])("delay_line of $Width bits, $Stages stages", (shape) => {
  it("delays every bit, and loses only the valid bits at reset", () =>
    withModule("delay_line", shape, (dut) => {
      const random = benchRandom(8);
      const history: bigint[] = [];
      let compared = 0;
      for (let cycle = 0; cycle < 1000; cycle += 1) {
        const data = random.bits(shape.Width);
        const reset = random.chance(5);
        dut.poke("data_i", data);
        dut.poke("rst_i", reset);
        dut.step();
        history.unshift(data);
        history.length = Math.min(history.length, shape.Stages);
        if (reset) history.forEach((value, i) => (history[i] = value & ~1n));
        if (history.length < shape.Stages) continue;
        expect(dut.peek("data_o")).toBe(history[shape.Stages - 1]);
        compared += 1;
      }
      expect(compared).toBe(1001 - shape.Stages);
    }));
});
