/** Whether Yosys still counts what `npm run calibrate` had it count, and of the accelerators of today. */
import { describe, expect, it } from "vitest";
import { configurations } from "../../sim/synth/calibration/configurations.ts";
import { measure } from "../../sim/synth/calibration/measure.ts";
import { expectSameSizes, isLarge, measured, nameOf } from "./measured.ts";

it("counts the smallest accelerator again, part by part", async () => {
  const index = measured.findIndex(
    ({ family, pc, pk, set }) => set === "validation" && family === "ecp5" && pk === 4 && pc === 4,
  );
  const again = await measure(configurations[index]!);
  expect(again.units).toEqual(measured[index]!.units);
});

describe("the counts are those of today's accelerators", () => {
  const large = measured.filter(({ network }) => isLarge(network));
  it.each(large.map((one) => [nameOf(one), one] as const))("%s: the same sizes", (_, one) =>
    expectSameSizes(one),
  );
});
