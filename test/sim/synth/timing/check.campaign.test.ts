/** The analysis beside nextpnr-ice40 on every design of check/designs.ts and on a whole small engine. */
import { expect, it } from "vitest";
import { checkAll } from "../../../../sim/synth/timing/check/run.ts";

it("is within 15 % of nextpnr on every design", async () => {
  const rows = await checkAll();
  expect(rows.length).toBeGreaterThan(10);
  const off = rows.filter(({ error }) => !(Math.abs(error) < 0.15));
  expect(off).toEqual([]);
});
