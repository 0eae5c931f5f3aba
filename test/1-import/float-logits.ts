/** The real network in Deep Compression's format against the float logits that come with it. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { importModel } from "../../src/1-import/index.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { runFloat } from "../../src/3-quantise/float-run.ts";
import { prepare, squeezenetFile } from "../support/squeezenet.ts";

/** `inputs`: numbers of packed inputs, 0 to 9. */
export function expectFloatLogits(inputs: readonly number[]): void {
  const graph = runPasses(importModel(squeezenetFile("compressed_SqueezeNet.net")));
  for (const i of inputs) {
    const values = runFloat(graph, prepare(readFileSync(squeezenetFile(`inputs/0${i}.bin`))));
    const logits = values.get(graph.outputs[0]!)!;
    const bytes = readFileSync(squeezenetFile(`float_logits/0${i}.f32`));
    const wanted = Float32Array.from({ length: 1000 }, (_, k) => bytes.readFloatLE(4 * k));
    const largest = Math.max(...wanted.map(Math.abs));
    const error = Math.max(...wanted.map((x, k) => Math.abs(x - logits[k]!)));
    expect(error / largest, `input ${i}`).toBeLessThan(1e-3);
  }
}
