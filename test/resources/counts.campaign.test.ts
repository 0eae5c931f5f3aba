/** Whether Yosys still counts what `npm run calibrate` had it count. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configurations } from "../../sim/synth/calibration/configurations.ts";
import { measure, type Measured } from "../../sim/synth/calibration/measure.ts";

const measured = JSON.parse(
  readFileSync(new URL("measured.json", import.meta.url), "utf8"),
) as readonly Measured[];

it("counts the smallest accelerator again, part by part", async () => {
  const index = measured.findIndex(
    ({ family, pc, pk, set }) => set === "validation" && family === "ecp5" && pk === 4 && pc === 4,
  );
  const again = await measure(configurations[index]!);
  expect(again.units).toEqual(measured[index]!.units);
});
