import { expect, it } from "vitest";
import { benchRandom } from "../../../sim/bench/index.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { cellsOf } from "./cells.ts";
import { sideBySide } from "./side-by-side.ts";

/** Every pair of operands for one product beside scrambled ones for the other, then the other way round. */
const everyProduct = (inputReg: number) => `
module bench (input wire clk_i, output reg [31:0] differences_o, output reg [31:0] checked_o, output wire [31:0] p_o);
  reg [19:0] count_q = 20'd0;
  wire [7:0] x = count_q[7:0];
  wire [7:0] y = count_q[15:8];
  wire [15:0] other = {count_q[15:0] * 16'd40503} ^ 16'h5a17;
  wire [31:0] operands = count_q[16] ? {x, y, other} : {other, x, y};
  wire [15:0] p0, p1, q0, q1;
  product_pair #(.InputReg(${inputReg})) u_twin (
      .clk_i(clk_i), .a1_i(operands[31:24]), .b1_i(operands[23:16]), .a0_i(operands[15:8]), .b0_i(operands[7:0]),
      .p0_o(p0), .p1_o(p1));
  product_pair_ice40 #(.InputReg(${inputReg})) u_vendor (
      .clk_i(clk_i), .a1_i(operands[31:24]), .b1_i(operands[23:16]), .a0_i(operands[15:8]), .b0_i(operands[7:0]),
      .p0_o(q0), .p1_o(q1));
  initial {differences_o, checked_o} = 64'd0;
  assign p_o = {q1, q0};
  always @(posedge clk_i) begin
    count_q <= count_q + 20'd1;
    if (count_q > 20'd3) begin
      checked_o <= checked_o + 32'd1;
      if ({p1, p0} !== {q1, q0}) differences_o <= differences_o + 32'd1;
    end
  end
endmodule
`;

const pair = {
  name: "product_pair",
  families: ["ice40"],
  cells: [{ cell: "SB_MAC16", file: "ice40/cells_sim.v" }],
};

it.each([0, 1])("SB_MAC16 makes both products of all operands, InputReg %i", (inputReg) =>
  sideBySide(pair, everyProduct(inputReg), (dut) => {
    // operand 0x00, 0x80: x = 0x80 stands in the low byte
    dut.step(0x8080 + 1 + inputReg);
    expect(dut.peek("p_o") & 0xffffn).toBe(0x4000n);
    dut.step(2 ** 17);
    expect(dut.peekNumber("checked_o")).toBe(2 ** 17 + 0x8080 + 1 + inputReg - 4);
    expect(dut.peekNumber("differences_o")).toBe(0);
  }),
);

const memories = `
module bench (
    input wire clk_i, input wire en_i, input wire we_i, input wire [3:0] nibble_i, input wire [13:0] addr_i,
    input wire [15:0] wdata_i, output wire [15:0] twin_o, output wire [15:0] vendor_o);
  spram u_twin (.clk_i(clk_i), .en_i(en_i), .we_i(we_i), .nibble_i(nibble_i), .addr_i(addr_i), .wdata_i(wdata_i),
      .rdata_o(twin_o));
  spram_ice40 u_vendor (.clk_i(clk_i), .en_i(en_i), .we_i(we_i), .nibble_i(nibble_i), .addr_i(addr_i),
      .wdata_i(wdata_i), .rdata_o(vendor_o));
endmodule
`;

it("SB_SPRAM256KA keeps every word, writes nibbles and holds what it read", () =>
  sideBySide(
    {
      name: "spram",
      families: ["ice40"],
      cells: [{ cell: "SB_SPRAM256KA", file: "ice40/cells_sim.v" }],
    },
    memories,
    (dut) => {
      const random = benchRandom(31);
      const words = Array.from({ length: 2 ** 14 }, () => random.below(2 ** 16));
      const access = (we: boolean, addr: number, wdata: number, nibble: number): void => {
        dut.poke("en_i", 1);
        dut.poke("we_i", we);
        dut.poke("addr_i", addr);
        dut.poke("wdata_i", wdata);
        dut.poke("nibble_i", nibble);
        dut.step();
      };
      const read = (addr: number): void => {
        access(false, addr, random.below(2 ** 16), 15);
        const both = { twin: dut.peekNumber("twin_o"), vendor: dut.peekNumber("vendor_o") };
        expect(both).toEqual({ twin: words[addr], vendor: words[addr] });
      };
      for (const [addr, word] of words.entries()) access(true, addr, word, 15);
      for (let i = 0; i < 20_000; i += 1) {
        const addr = random.below(2 ** 14);
        if (random.chance(50)) read(addr);
        else {
          const [word, nibble] = [random.below(2 ** 16), random.below(16)];
          access(true, addr, word, nibble);
          const mask = [0, 1, 2, 3].reduce((m, n) => m | (nibble & (1 << n) ? 15 << (4 * n) : 0), 0);
          words[addr] = (words[addr]! & ~mask) | (word & mask);
          read(addr);
          dut.poke("en_i", 0);
          dut.poke("addr_i", random.below(2 ** 14));
          dut.step();
          expect(dut.peekNumber("vendor_o")).toBe(words[addr]);
          expect(dut.peekNumber("twin_o")).toBe(words[addr]);
        }
      }
      for (const addr of words.keys()) read(addr);
    },
  ));

it("Yosys builds each part of one cell and nothing else", async () => {
  const part = (name: string) => [packagePath("hw", "rtl", "ice40", `${name}.v`)];
  expect(await cellsOf(part("product_pair"), "synth_ice40 -dsp -top product_pair")).toEqual({ SB_MAC16: 1 });
  expect(await cellsOf(part("spram"), "synth_ice40 -top spram")).toEqual({ SB_SPRAM256KA: 1 });
});
