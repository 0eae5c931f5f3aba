import type { Network } from "../network.ts";
import { createRandom } from "../random.ts";
import { drawBatch, seeds } from "./sets.ts";
import type { FoldedModel } from "./fold.ts";
import { runFolded } from "./fold.ts";
import { createModel, trainBatch, type BatchResult, type Model } from "./model.ts";

export interface Schedule {
  readonly steps: number;
  /** Pictures a step; a multiple of 4. */
  readonly batch: number;
  /** Adam's first learning rate; it falls to 0 along half a cosine. */
  readonly rate: number;
}

/** That of the embedded network. */
export const schedule: Schedule = { steps: 3000, batch: 32, rate: 0.004 };

/** Trains from seeded weights on pictures that are drawn once each; the same schedule gives the same weights. */
export function trainNetwork(
  network: Network,
  { steps, batch, rate }: Schedule,
  onStep: (step: number, result: BatchResult) => void,
): Model {
  const model = createModel(network, createRandom(seeds.weights));
  for (let step = 1; step <= steps; step++) {
    const { input, labels } = drawBatch(seeds.training, (step - 1) * batch, batch);
    const now = 0.5 * rate * (1 + Math.cos((Math.PI * (step - 1)) / steps));
    onStep(step, trainBatch(model, input, labels, step, now));
  }
  return model;
}

/** Share of right answers of the folded floating-point network on the first `count` pictures of a set. */
export function floatAccuracy(model: FoldedModel, seed: number, count: number, batch: number): number {
  const { classes } = model.network;
  let correct = 0;
  for (let first = 0; first < count; first += batch) {
    const { input, labels } = drawBatch(seed, first, batch);
    const { logits } = runFolded(model, input, batch);
    labels.forEach((label, n) => {
      const row = logits.subarray(n * classes, (n + 1) * classes);
      if (row.indexOf(Math.max(...row)) === label) correct++;
    });
  }
  return correct / (Math.ceil(count / batch) * batch);
}
