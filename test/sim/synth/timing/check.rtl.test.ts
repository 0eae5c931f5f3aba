/** The analysis beside nextpnr-ice40 on two small designs; check.campaign.test.ts has all. */
import { expect, it } from "vitest";
import { compare } from "../../../../sim/synth/timing/check/compare.ts";
import type { CheckedModule } from "../../../../sim/synth/timing/check/designs.ts";
import { placeModule } from "../../../../sim/synth/timing/check/place.ts";

it.each<CheckedModule>([
  { device: "hx8k", module: "axi_read_arbiter", parameters: { BusBytes: 8 } },
  { device: "up5k", module: "small_scaler", parameters: {} },
])("$module on $device: within 15 % of nextpnr", async (design) => {
  const placed = await placeModule(design);
  const { error, estimatedNs, ns } = compare(placed, design.device);
  expect(ns).toBeGreaterThan(5);
  expect(estimatedNs).toBeGreaterThan(5);
  expect(Math.abs(error)).toBeLessThan(0.15);
});
