import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/zoo/pictures/random.ts";
import { foldModel, runFolded } from "../../../src/zoo/pictures/training/fold.ts";
import { multiplyAdd } from "../../../src/zoo/pictures/training/matrix.ts";
import {
  addGradients,
  createModel,
  parametersOf,
  trainBatch,
} from "../../../src/zoo/pictures/training/model.ts";
import { epsilon } from "../../../src/zoo/pictures/training/normalise.ts";
import { tinyNetwork } from "./tiny-network.ts";

const batch = 8;
const labels = Int32Array.from({ length: batch }, (_, i) => i % 4);
function randomInput(seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: batch * 6 * 6 * 3 }, () => random());
}

describe("multiplyAdd", () => {
  it.each([false, true])("equals the plain loops, transposed: %s", (transposed) => {
    const [m, k, n] = [8, 300, 12];
    const random = createRandom(4);
    const a = Float32Array.from({ length: m * k }, () => random() - 0.5);
    const b = Float32Array.from({ length: k * n }, () => random() - 0.5);
    const c = new Float32Array(m * n).fill(2);
    multiplyAdd(a, transposed ? 1 : k, transposed ? m : 1, b, c, m, k, n);
    for (let i = 0; i < m * n; i++) {
      const [row, column] = [Math.floor(i / n), i % n];
      let sum = 2;
      for (let d = 0; d < k; d++) sum += a[transposed ? d * m + row : row * k + d]! * b[d * n + column]!;
      expect(c[i]).toBeCloseTo(sum, 4);
    }
  });
});

describe("training", () => {
  it("computes the gradient that finite differences give, for every parameter", () => {
    const model = createModel(tinyNetwork, createRandom(9));
    const input = randomInput(10);
    addGradients(model, input, labels);
    const gradients = parametersOf(model).map((p) => p.gradient.slice());
    const lossNow = (): number => addGradients(model, input, labels).loss;
    parametersOf(model).forEach((parameter, i) => {
      const gradient = gradients[i]!;
      const length = Math.hypot(...gradient);
      expect(length).toBeGreaterThan(1e-4);
      const start = parameter.value.slice();
      const step = 5e-4;
      const move = (sign: number): number => {
        start.forEach((v, j) => (parameter.value[j] = v + (sign * step * gradient[j]!) / length));
        return lossNow();
      };
      const slope = (move(1) - move(-1)) / (2 * step);
      parameter.value.set(start);
      expect(Math.abs(slope - length), `parameter ${i}`).toBeLessThan(1e-3 * length + 2e-5);
    });
  });

  it("lowers the loss and gives the same weights twice", () => {
    const run = (): { losses: number[]; weights: Float32Array } => {
      const model = createModel(tinyNetwork, createRandom(1));
      const losses = Array.from(
        { length: 60 },
        (_, i) => trainBatch(model, randomInput(3), labels, i + 1, 0.02).loss,
      );
      return { losses, weights: model.dense.value };
    };
    const first = run();
    expect(first.losses[0]).toBeGreaterThan(1);
    expect(first.losses[59]).toBeLessThan(0.3);
    expect(run().weights).toEqual(first.weights);
  });
});

describe("foldModel", () => {
  it("keeps the function: convolution, running statistics, gamma, beta, RELU6", () => {
    const model = createModel(tinyNetwork, createRandom(2));
    for (let step = 1; step <= 20; step++) trainBatch(model, randomInput(step), labels, step, 0.01);
    const input = randomInput(99);
    const { maps } = runFolded(foldModel(model), input, batch);
    const { weights, normalisation: norm } = model.layers[0]!;
    for (const [y, x, k] of [
      [0, 0, 0],
      [2, 3, 1],
      [5, 5, 3],
    ] as const) {
      let sum = 0;
      for (let t = 0; t < 27; t++) {
        const [row, column, c] = [y + Math.floor(t / 9) - 1, x + (Math.floor(t / 3) % 3) - 1, t % 3];
        if (row < 0 || row > 5 || column < 0 || column > 5) continue;
        sum += input[(row * 6 + column) * 3 + c]! * weights.value[t * 4 + k]!;
      }
      const normalised = (sum - norm.mean[k]!) / Math.sqrt(norm.variance[k]! + epsilon);
      const expected = Math.min(6, Math.max(0, normalised * norm.gamma[k]! + norm.beta[k]!));
      expect(maps[0]![(y * 6 + x) * 4 + k]).toBeCloseTo(expected, 4);
    }
  });
});
