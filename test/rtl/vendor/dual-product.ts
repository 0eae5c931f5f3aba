/** Two products in one DSP block of each family, beside their twin. */
import { expect } from "vitest";
import { packagePath } from "../../../src/platform/package.ts";
import { cellsOf } from "./cells.ts";
import { sideBySide } from "./side-by-side.ts";

const families = ["xc7", "xcup", "ecp5"];

/** b runs through all values for each a0, and a0 for each a1, which moves in steps. `products_o` is the twin's. */
const everyOperand = (step: number) => `
module bench (
    input wire clk_i, output reg [31:0] checked_o, output reg [${32 * families.length - 1}:0] differences_o,
    output wire [31:0] products_o, output reg [25:0] operands_o);
  reg signed [8:0] a1_q = -9'sd255;
  reg signed [8:0] a0_q = -9'sd255;
  reg signed [7:0] b_q = -8'sd128;
  reg [25:0] operands_q;
  reg before_q = 1'b0, valid_q = 1'b0;
  initial {checked_o, differences_o, operands_o} = 0;
  dual_product u_twin (.clk_i(clk_i), .a1_i(a1_q), .a0_i(a0_q), .b_i(b_q), .p1_o(products_o[31:16]), .p0_o(products_o[15:0]));
  always @(posedge clk_i) begin
    {valid_q, before_q} <= {before_q, 1'b1};
    operands_q <= {a1_q, a0_q, b_q};
    operands_o <= operands_q;
    b_q <= b_q + 8'sd1;
    if (b_q == 8'sd127) begin
      a0_q <= (a0_q == 9'sd255) ? -9'sd255 : a0_q + 9'sd1;
      if (a0_q == 9'sd255) a1_q <= (a1_q == 9'sd255) ? -9'sd255 : a1_q + 9'sd${step};
    end
    if (valid_q) checked_o <= checked_o + 32'd1;
  end
${families
  .map(
    (family, i) => `  wire [31:0] ${family};
  dual_product_${family} u_${family} (
      .clk_i(clk_i), .a1_i(a1_q), .a0_i(a0_q), .b_i(b_q), .p1_o(${family}[31:16]), .p0_o(${family}[15:0]));
  always @(posedge clk_i) if (valid_q && ${family} !== products_o)
    differences_o[${32 * i}+:32] <= differences_o[${32 * i}+:32] + 32'd1;`,
  )
  .join("\n")}
endmodule
`;

/** `step`: of the first factor; a divisor of 510, so that it ends at its largest. */
export function expectBothProducts(step: number): Promise<void> {
  return sideBySide(
    {
      name: "dual_product",
      families,
      cells: [
        { cell: "DSP48E1", file: "xilinx/cells_sim.v" },
        ...["CCU2C", "LUT4", "LUT2"].map((cell) => ({ cell, file: "ecp5/cells_sim.v" })),
      ],
    },
    everyOperand(step),
    (dut) => {
      const signed = (value: bigint, low: number, width: number) =>
        BigInt.asIntN(width, value >> BigInt(low));
      const all = (510 / step + 1) * 511 * 256;
      for (let done = 0; done < all;) {
        const some = Math.min(65_537, all - done);
        dut.step(some);
        done += some;
        const [operands, products] = [dut.peek("operands_o"), dut.peek("products_o")];
        const b = signed(operands, 0, 8);
        expect(signed(products, 0, 16)).toBe(signed(operands, 8, 9) * b);
        expect(signed(products, 16, 16)).toBe(signed(operands, 17, 9) * b);
      }
      dut.step(2);
      expect(dut.peekNumber("checked_o")).toBe(all);
      expect(dut.peek("differences_o")).toBe(0n);
    },
  );
}

const flows = {
  xc7: ["synth_xilinx -family xc7 -noiopad -top dual_product", "DSP48E1"],
  xcup: ["synth_xilinx -family xcup -noiopad -top dual_product", "DSP48E2"],
  ecp5: ["synth_ecp5 -top dual_product", "MULT18X18D"],
} as const;

export async function expectOneBlock(family: keyof typeof flows): Promise<void> {
  const [flow, cell] = flows[family];
  const cells = await cellsOf([packagePath("hw", "rtl", family, "dual_product.v")], flow);
  expect(cells[cell] ?? 0).toBe(1);
}
