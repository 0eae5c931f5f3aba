/**
 * Trains the embedded network and writes pictures.tflite, labels.json and examples/ beside this file:
 *
 *   npm run train
 *
 * Takes 10 minutes on one core, needs nothing but Node, and writes the same bytes each time.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { drawPicture, writePng } from "./draw.ts";
import { mixSeed } from "../random.ts";
import { exportTflite } from "./export-tflite.ts";
import { examplePictures, picturesLabelsPath, picturesModelPath } from "../files.ts";
import { countMacs, countParameters, picturesNetwork } from "../network.ts";
import { drawBatch, seeds } from "./sets.ts";
import { classNames } from "../shapes.ts";
import { foldModel } from "./fold.ts";
import { quantiseModel } from "./quantise.ts";
import { floatAccuracy, schedule, trainNetwork } from "./run.ts";

const calibrationBatches = 30;

const network = picturesNetwork();
console.log(`${countMacs(network)} MACs, ${countParameters(network)} parameters`);

let loss = 0;
let correct = 0;
const model = trainNetwork(network, schedule, (step, result) => {
  loss += result.loss / 100;
  correct += result.correct;
  if (step % 100 !== 0) return;
  const share = (correct / schedule.batch).toFixed(1);
  console.log(`step ${step} of ${schedule.steps}: loss ${loss.toFixed(4)}, ${share} % right`);
  loss = 0;
  correct = 0;
});

const folded = foldModel(model);
const accuracy = floatAccuracy(folded, seeds.validation, 2016, schedule.batch);
console.log(`floating point: ${(100 * accuracy).toFixed(2)} % of the validation pictures`);

function* calibration(): Generator<Float32Array> {
  for (let i = 0; i < calibrationBatches; i++) {
    yield drawBatch(seeds.calibration, i * schedule.batch, schedule.batch).input;
  }
}
const quantised = quantiseModel(folded, calibration(), schedule.batch);
const file = exportTflite(quantised);
writeFileSync(picturesModelPath(), file);
writeFileSync(picturesLabelsPath(), `${JSON.stringify(classNames, null, 2)}\n`);
console.log(`${picturesModelPath()}: ${file.length} bytes`);

for (const [index, { path, className }] of examplePictures().entries()) {
  mkdirSync(dirname(path), { recursive: true });
  await writePng(path, drawPicture(className, mixSeed(seeds.examples, index)));
}
