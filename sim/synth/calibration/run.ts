/** `npm run calibrate`: has Yosys count every configuration and writes the coefficients and the counts. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { shippedActivations } from "../../../src/ir/activation-kernel.ts";
import { format, resolveConfig } from "prettier";
import { packagePath } from "../../../src/platform/package.ts";
import { configurations } from "./configurations.ts";
import { fitCoefficients } from "./fit.ts";
import { cellsTable, resourcesPage, withCells } from "./page.ts";
import { measure, measureActivation, measureFloatMode, type LaneCount, type Measured } from "./measure.ts";

/** Those on which an array may lie. */
const families = ["xc7", "xcup", "ecp5", "gowin"] as const;

export async function calibrate(): Promise<void> {
  const measured: Measured[] = [];
  for (const one of configurations) {
    console.log(
      `${one.set}: ${one.network}, ${one.family}, ${one.pk}x${one.pc}, ${8 * one.busBytes}-bit bus`,
    );
    measured.push(await measure(one));
  }
  const floatModes: LaneCount[] = [];
  const kernels: LaneCount[] = [];
  for (const family of families) {
    console.log(`a requantiser with a float mode: ${family}`);
    floatModes.push(await measureFloatMode(family));
    for (const name of shippedActivations) {
      console.log(`a kernel behind a lane: ${name}, ${family}`);
      kernels.push(await measureActivation(family, name));
    }
  }
  const calibration = measured.filter(({ set }) => set === "calibration");
  const known = fitCoefficients(calibration, floatModes, kernels);
  await writeJson(packagePath("hw", "resources", "coefficients.json"), known);
  await writeJson(packagePath("test", "resources", "measured.json"), measured);
  await writeFile(packagePath("docs", "resources.md"), resourcesPage(measured, known));
  const readme = packagePath("README.md");
  await writeFile(readme, withCells(await readFile(readme, "utf8"), cellsTable(measured)));
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const style = await resolveConfig(path);
  await writeFile(path, await format(JSON.stringify(value), { ...style, filepath: path }));
}
