import { expect, it } from "vitest";
import { packagePath } from "../../../src/platform/package.ts";
import { cellsOf } from "./cells.ts";
import { expectBothProducts } from "./dual-product.ts";

it("the parts make both products of every second and third factor, and of every thirtieth first one", () =>
  expectBothProducts(30));

it("Yosys builds each part of one DSP block", async () => {
  const flows = {
    xc7: ["synth_xilinx -family xc7 -noiopad -top dual_product", "DSP48E1"],
    xcup: ["synth_xilinx -family xcup -noiopad -top dual_product", "DSP48E2"],
    ecp5: ["synth_ecp5 -top dual_product", "MULT18X18D"],
  } as const;
  const counts: Record<string, number> = {};
  for (const [family, [flow, cell]] of Object.entries(flows)) {
    const cells = await cellsOf([packagePath("hw", "rtl", family, "dual_product.v")], flow);
    counts[family] = cells[cell] ?? 0;
  }
  expect(counts).toEqual({ xc7: 1, xcup: 1, ecp5: 1 });
});
