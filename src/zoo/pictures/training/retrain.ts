/** Pruning of a trained network, and training that leaves the lost weights zero. Source: Han et al., arXiv 1506.02626. */
import { balance } from "../../../compress/balance.ts";
import { prune } from "../../../compress/prune.ts";
import { item } from "../../../ir/known.ts";
import { trainBatch, type Model, type TrainedLayer } from "./model.ts";
import type { Schedule } from "./run.ts";
import { drawBatch, seeds } from "./sets.ts";

/** What stays of the weights of the pointwise layers. */
export interface Pruning {
  readonly density: number;
  /** Multipliers a lane whose steps the weights shall fill; null: the largest of a layer stay. */
  readonly balanced: number | null;
}

/**
 * A copy of the model, pruned and trained on. `first`: number of the first picture of the training set that it sees. The learning rate falls
 * to 0 along half a cosine.
 */
export function retrainPruned(model: Model, pruning: Pruning, schedule: Schedule, first: number): Model {
  const copy = structuredClone(model);
  const pointwise = copy.layers.filter(({ layer }) => layer.kind === "pointwise");
  const masks = pointwise.map((layer) => maskOf(layer, pruning));
  const mask = (): void => {
    pointwise.forEach(({ weights }, i) => {
      item(masks, i).forEach((one, j) => {
        if (one === 0) weights.value[j] = 0;
      });
    });
  };
  const { batch, rate, steps } = schedule;
  mask();
  for (let step = 1; step <= steps; step++) {
    const { input, labels } = drawBatch(seeds.training, first + (step - 1) * batch, batch);
    trainBatch(copy, input, labels, step, 0.5 * rate * (1 + Math.cos((Math.PI * (step - 1)) / steps)));
    mask();
  }
  return copy;
}

/** 1 for each weight of a pointwise layer, [C][K], that stays. */
function maskOf({ layer, weights }: TrainedLayer, { balanced, density }: Pruning): Uint8Array {
  const { inputChannels: channels, outputChannels: outputs } = layer;
  const place = (k: number, c: number): number => c * outputs + k;
  const byOutput = Float32Array.from({ length: channels * outputs }, (_, i) =>
    item(weights.value, place(Math.floor(i / channels), i % channels)),
  );
  const magnitudes = byOutput.map(Math.abs);
  const left =
    balanced === null
      ? prune(byOutput, magnitudes, density)
      : balance(byOutput, magnitudes, density, { channels, taps: 1, multipliers: balanced });
  const mask = new Uint8Array(left.length);
  left.forEach((weight, i) => {
    if (weight !== 0) mask[place(Math.floor(i / channels), i % channels)] = 1;
  });
  return mask;
}
