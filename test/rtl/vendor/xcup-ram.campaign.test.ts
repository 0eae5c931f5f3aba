/** What Yosys makes of the single-port memory for UltraScale+; that it equals its twin: xcup-ram.test.ts. */
import { expect, it } from "vitest";
import { packagePath } from "../../../src/platform/package.ts";
import { cellsOf } from "./cells.ts";

it("becomes look-up tables where Yosys cannot map the twin", async () => {
  const flow =
    "chparam -set Depth 700 -set AddrW 10 ram_1rw; synth_xilinx -flatten -noiopad -noclkbuf -family xcup -top ram_1rw";
  const cells = await cellsOf([packagePath("hw", "rtl", "xcup", "ram_1rw.v")], flow);
  // 8 bits of two whole banks
  expect(cells).toMatchObject({ RAM256X1S: 16 });
  expect(Object.keys(cells).filter((cell) => /^(FD|RAMB)/.test(cell))).toEqual([]);
  await expect(cellsOf([packagePath("hw", "rtl", "ram_1rw.v")], flow)).rejects.toThrow("OPTION_ABITS");
});
