/** Single-port memory of look-up tables on UltraScale+, in banks that Yosys maps. */
import { expect, it } from "vitest";
import { benchRandom } from "../../../sim/bench/index.ts";
import { sideBySide } from "./side-by-side.ts";

const shapes = [
  { width: 8, depth: 1, address: 1 },
  { width: 40, depth: 256, address: 8 },
  { width: 32, depth: 700, address: 10 },
];

it.each(shapes)("equals its twin: $depth words of $width bits", ({ address, depth, width }) => {
  const instance = (module: string, name: string) =>
    `${module} #(.Width(${width}), .Depth(${depth}), .AddrW(${address})) u_${name} (.clk_i(clk_i), .we_i(we_i),
      .addr_i(addr_i), .wdata_i(wdata_i), .rdata_o(${name}_o));`;
  const bench = `
module bench (input wire clk_i, input wire we_i, input wire [${address - 1}:0] addr_i, input wire [${width - 1}:0] wdata_i,
    output wire [${width - 1}:0] twin_o, output wire [${width - 1}:0] vendor_o);
  ${instance("ram_1rw", "twin")}
  ${instance("ram_1rw_xcup", "vendor")}
endmodule
`;
  return sideBySide({ name: "ram_1rw", families: ["xcup"], cells: [] }, bench, (dut) => {
    const random = benchRandom(17);
    const access = (we: boolean, at: number): void => {
      dut.poke("we_i", we);
      dut.poke("addr_i", at);
      dut.poke("wdata_i", random.bits(width));
      dut.step();
    };
    for (let at = 0; at < depth; at += 1) access(true, at);
    const seen = new Set<bigint>();
    for (let i = 0; i < 20_000; i += 1) {
      access(random.chance(50), random.below(depth));
      const word = dut.peek("twin_o");
      expect(dut.peek("vendor_o")).toBe(word);
      seen.add(word);
    }
    expect(seen.size).toBeGreaterThan(200);
  });
});
