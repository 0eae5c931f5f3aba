import { expect, it } from "vitest";
import { benchRandom } from "../../../sim/bench/index.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { packFields } from "../helper.ts";
import { cellsOf } from "./cells.ts";
import { sideBySide } from "./side-by-side.ts";

const bench = `
module bench (
    input wire clk_i, input wire [35:0] a1_i, input wire [35:0] a0_i, input wire [31:0] b_i,
    output wire [35:0] sums_o, output wire [35:0] part_o);
  dual_sum u_twin (
      .clk_i(clk_i), .a1_i(a1_i), .a0_i(a0_i), .b_i(b_i), .s1_o(sums_o[35:18]), .s0_o(sums_o[17:0]));
  dual_sum_xc7 u_part (
      .clk_i(clk_i), .a1_i(a1_i), .a0_i(a0_i), .b_i(b_i), .s1_o(part_o[35:18]), .s0_o(part_o[17:0]));
endmodule
`;
const stages = 4;

it("the cascade makes both sums of four products, new ones each cycle", () =>
  sideBySide(
    {
      name: "dual_sum",
      families: ["xc7"],
      cells: [{ cell: "DSP48E1", file: "xilinx/cells_sim.v" }],
    },
    bench,
    (dut) => {
      const random = benchRandom(8);
      const pick = (least: number, most: number) =>
        random.chance(20) ? (random.chance(50) ? least : most) : least + random.below(most - least + 1);
      const ends = [-127, 127].flatMap((a1) =>
        [-127, 127].flatMap((a0) => [-128, 127].map((b) => [a1, a0, b])),
      );
      const four = (value: () => number) => Array.from({ length: 4 }, value);
      const all = Array.from({ length: 200_000 }, (_, i) => {
        const [end] = ends.slice(i, i + 1);
        return {
          a1: four(() => end?.[0] ?? pick(-127, 127)),
          a0: four(() => end?.[1] ?? pick(-127, 127)),
          b: four(() => end?.[2] ?? pick(-128, 127)),
        };
      });
      let wrong = 0;
      for (let cycle = 0; cycle < all.length + stages - 1; cycle += 1) {
        const { a0, a1, b } = all[Math.min(cycle, all.length - 1)]!;
        dut.poke("a1_i", packFields(a1, 9));
        dut.poke("a0_i", packFields(a0, 9));
        dut.poke("b_i", packFields(b, 8));
        dut.step();
        const seen = all[cycle - stages + 1];
        if (seen === undefined) continue;
        const sum = (a: readonly number[]) => a.reduce((total, one, j) => total + one * seen.b[j]!, 0);
        const expected = packFields([sum(seen.a0), sum(seen.a1)], 18);
        if (dut.peek("sums_o") !== expected || dut.peek("part_o") !== expected) wrong += 1;
      }
      expect(wrong).toBe(0);
    },
  ));

it("Yosys keeps its four DSP blocks and makes no look-up tables beside an inverter", async () => {
  const file = packagePath("hw", "rtl", "xc7", "dual_sum.v");
  const cells = await cellsOf([file], "synth_xilinx -family xc7 -noiopad -top dual_sum");
  expect(cells).toEqual({ DSP48E1: 4, INV: 1 });
});
