/** The analysis beside nextpnr-ice40 on two small designs; check.campaign.test.ts has all. */
import { expect, it } from "vitest";
import { compare } from "../../../../sim/synth/timing/check/compare.ts";
import { placeModule } from "../../../../sim/synth/timing/check/place.ts";

it.each([
  { device: "hx8k", module: "burst_splitter", parameters: {} },
  { device: "up5k", module: "small_scaler", parameters: {} },
] as const)("$module on $device: within 15 % of nextpnr", async (design) => {
  const placed = await placeModule(design);
  const { error, estimatedNs, ns } = compare(placed, design.device);
  expect(ns).toBeGreaterThan(5);
  expect(estimatedNs).toBeGreaterThan(5);
  expect(Math.abs(error)).toBeLessThan(0.15);
});
