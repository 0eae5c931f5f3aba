/** The downloaded networks of ../shared/models on the generated accelerator: every layer, and the packed logits. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { logitsOf } from "../../src/golden/logits.ts";
import { resultOf } from "../../src/targets/array/simulate.ts";
import { readInputs } from "../../src/cli/inputs.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { loadModel } from "../../src/load.ts";
import { expectBitExact, expectPredicted, type Accelerator, type Run } from "./accelerator.ts";

const models = new URL("../../../shared/models/", import.meta.url);
export const modelsExist = existsSync(models);
export const vww = "vww_96_int8";
export const smallest = "mobilenet_v1_0.25_128";
export const largest = "mobilenet_v1_1.0_224";

export function pathOf(file: string): string {
  return fileURLToPath(new URL(file, models));
}

export function load(name: string): IntGraph {
  return loadModel(pathOf(`${name}/model.tflite`));
}

/** Runs the first `count` packed inputs and compares everything that is known of them. */
export async function runPacked(
  hardware: Accelerator,
  index: number,
  name: string,
  count: number,
): Promise<Run> {
  const files = readdirSync(pathOf(`${name}/inputs`))
    .sort()
    .slice(0, count);
  expect(files).toHaveLength(count);
  const { graph } = hardware.plans[index]!;
  const inputs = await readInputs(
    files.map((file) => pathOf(`${name}/inputs/${file}`)),
    graph,
    { err: (text) => expect.fail(text) },
  );
  const run = await hardware.run(
    index,
    inputs.map(({ values }) => values),
  );
  expectBitExact(run);
  expectPredicted(run);
  for (const [i, file] of files.entries()) {
    const logits = Buffer.from(logitsOf(resultOf(run.plan, inputs[i]!, run.result.images[i]!)));
    expect(logits.equals(readFileSync(pathOf(`${name}/logits/${file}`))), file).toBe(true);
  }
  return run;
}

/** Utilisation of every input, by the definition: all MACs / (all multipliers * cycles from start to done). */
export function utilizations({ plan, result, report }: Run): number[] {
  const expected = result.images.map(
    ({ cycles }) => plan.graph.macs / (plan.hardware.pk * plan.hardware.pc * cycles),
  );
  expect(report.inputs.map(({ utilization }) => utilization)).toEqual(expected);
  return expected;
}
