import { expect, it } from "vitest";
import { picturesNetwork } from "../../../src/zoo/pictures/network.ts";
import { createRandom } from "../../../src/zoo/pictures/random.ts";
import { createModel } from "../../../src/zoo/pictures/training/model.ts";
import { retrainPruned } from "../../../src/zoo/pictures/training/retrain.ts";

it.each([null, 8])(
  "training on leaves half of the pointwise weights zero, balanced for %s multipliers",
  (balanced) => {
    const model = createModel(picturesNetwork(), createRandom(3));
    const before = structuredClone(model);
    const schedule = { steps: 2, batch: 4, rate: 0.01 };
    const pruned = retrainPruned(model, { density: 0.5, balanced }, { ...schedule, steps: 0 }, 0);
    const after = retrainPruned(model, { density: 0.5, balanced }, schedule, 0);
    expect(model).toEqual(before);
    after.layers.forEach(({ layer, weights }, i) => {
      const [start, cut] = [model.layers[i]!.weights.value, pruned.layers[i]!.weights.value];
      if (layer.kind !== "pointwise") {
        expect(cut).toEqual(start);
        expect(weights.value).not.toEqual(start);
        return;
      }
      const [C, K] = [layer.inputChannels, layer.outputChannels];
      const kept = [...cut.keys()].filter((j) => cut[j] !== 0);
      expect(kept.length).toBe((C * K) / 2);
      expect([...weights.value.keys()].filter((j) => weights.value[j] !== 0)).toEqual(kept);
      expect(kept.every((j) => cut[j] === start[j] && weights.value[j] !== start[j])).toBe(true);
      if (balanced !== null) {
        // as many of each output channel
        for (let k = 0; k < K; k++) expect(kept.filter((j) => j % K === k).length).toBe(C / 2);
      }
    });
  },
);
