import { drawFromSet } from "./draw.ts";
import { pictureSize } from "../shapes.ts";

/** Seeds of the sets of pictures. No two sets share a picture's seed, so the test set is unseen. */
export const seeds = {
  weights: 1,
  training: 2,
  calibration: 3,
  validation: 4,
  examples: 5,
  test: 6,
} as const;

/** Pictures as the trainer takes them. */
export interface Batch {
  /** [count, size, size, 3], 0..1. */
  readonly input: Float32Array;
  readonly labels: Int32Array;
}

/** Pictures `first` to `first + count - 1` of a set. */
export function drawBatch(seed: number, first: number, count: number): Batch {
  const values = pictureSize * pictureSize * 3;
  const input = new Float32Array(count * values);
  const labels = new Int32Array(count);
  for (let n = 0; n < count; n++) {
    const picture = drawFromSet(seed, first + n);
    picture.rgb.forEach((v, i) => (input[n * values + i] = v / 255));
    labels[n] = picture.classIndex;
  }
  return { input, labels };
}
