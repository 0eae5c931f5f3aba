/** The downloaded networks and their packed inputs, with the logits that TFLite's reference kernels made of them. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { importModel } from "../../src/1-import/index.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { logitsOf } from "../../src/golden/logits.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { GoldenResult } from "../../src/golden/run.ts";
import { readInput } from "../../src/images/read-input.ts";
import type { IntGraph } from "../../src/ir/integer.ts";

export const models = new URL("../../../shared/models/", import.meta.url);
export const modelsExist = existsSync(models);
export const networks = [
  { name: "resnet8_cifar10", packed: 11 },
  { name: "vww_96_int8", packed: 12 },
  { name: "mobilenet_v1_0.25_128", packed: 20 },
  { name: "mobilenet_v1_1.0_224", packed: 8 },
  { name: "mobilenet_v2_1.0_224", packed: 8 },
] as const;

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, models));
}

export function load(name: string): IntGraph {
  return lower(runPasses(importModel(pathOf(`${name}/model.tflite`))));
}

export async function run(graph: IntGraph, file: string): Promise<GoldenResult> {
  const { values } = await readInput(pathOf(file), graph);
  return runGolden(graph, values);
}

/** The logits of one packed input, byte for byte. */
export function expectPacked(result: GoldenResult, name: string, file: string): void {
  const packed = readFileSync(new URL(`${name}/logits/${file}`, models));
  expect(Buffer.from(logitsOf(result)).equals(packed), file).toBe(true);
}
