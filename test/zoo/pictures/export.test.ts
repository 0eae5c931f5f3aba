import { describe, expect, it } from "vitest";
import { readTfliteFile } from "../../../src/1-import/tflite/file.ts";
import { openWith } from "../../../src/1-import/importer.ts";
import { tflite } from "../../../src/1-import/tflite/index.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import { runGolden } from "../../../src/golden/run.ts";
import { exportTflite } from "../../../src/zoo/pictures/training/export-tflite.ts";
import { createRandom } from "../../../src/zoo/pictures/random.ts";
import { foldModel, runFolded } from "../../../src/zoo/pictures/training/fold.ts";
import { createModel, trainBatch } from "../../../src/zoo/pictures/training/model.ts";
import { quantiseModel } from "../../../src/zoo/pictures/training/quantise.ts";
import { tinyNetwork } from "./tiny-network.ts";

const batch = 8;
const values = 6 * 6 * 3;
const labels = Int32Array.from({ length: batch }, (_, i) => i % 4);

function randomPixels(seed: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length: batch * values }, () => Math.floor(random() * 256));
}

const toUnit = (pixels: Uint8Array): Float32Array => Float32Array.from(pixels, (v) => v / 255);

describe("quantiseModel and exportTflite", () => {
  it("make a file whose integer network follows the floating-point one", () => {
    const model = createModel(tinyNetwork, createRandom(2));
    for (let step = 1; step <= 150; step++) {
      trainBatch(model, toUnit(randomPixels(step % 3)), labels, step, 0.01);
    }
    const folded = foldModel(model);
    const calibration = Array.from({ length: 20 }, (_, i) => toUnit(randomPixels(100 + i)));
    const bytes = exportTflite(quantiseModel(folded, calibration, batch));
    const graph = lower(openWith(tflite, { path: "tiny.tflite", bytes }));
    const logits = graph.maps.get(graph.logits)!;
    const pixels = randomPixels(200);
    const expected = runFolded(folded, toUnit(pixels), batch).logits;
    const range = logits.scale * 255;
    for (let n = 0; n < batch; n++) {
      const input = Int8Array.from(pixels.subarray(n * values, (n + 1) * values), (v) => v - 128);
      const found = runGolden(graph, input).maps.get(graph.logits)!;
      found.forEach((q, c) => {
        const real = (q - logits.zeroPoint) * logits.scale;
        expect(Math.abs(real - expected[n * 4 + c]!) / range, `picture ${n}, class ${c}`).toBeLessThan(0.04);
      });
    }
  });

  it("write a TFLite file: identifier, 16-byte aligned constants, equal bytes for equal models", () => {
    const make = (): Uint8Array => {
      const folded = foldModel(createModel(tinyNetwork, createRandom(5)));
      return exportTflite(quantiseModel(folded, [toUnit(randomPixels(1))], batch));
    };
    const bytes = make();
    expect(new TextDecoder().decode(bytes.subarray(4, 8))).toBe("TFL3");
    expect(make()).toEqual(bytes);
    const buffers = readTfliteFile(bytes).buffers.filter((b) => b.length > 0);
    expect(buffers.length).toBe(9);
    for (const buffer of buffers) expect((buffer.byteOffset - bytes.byteOffset) % 16).toBe(0);
    const { layers, problems } = tflite.read({ path: "tiny.tflite", bytes });
    expect(problems).toEqual([]);
    expect(layers.map((l) => l.operator)).toEqual([
      "CONV_2D",
      "DEPTHWISE_CONV_2D",
      "CONV_2D",
      "AVERAGE_POOL_2D",
      "RESHAPE",
      "FULLY_CONNECTED",
      "SOFTMAX",
    ]);
  });
});
