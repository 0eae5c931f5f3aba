import { createRandom } from "../pictures/random.ts";

/** `count` weights, -127..127, roughly normal (the mean of four random bytes): standard deviation 37. */
export function seededWeights(count: number, seed: number): Int8Array {
  const random = createRandom(seed);
  return Int8Array.from({ length: count }, () => {
    const bits = (random() * 2 ** 32) | 0;
    const sum = (bits & 255) + ((bits >> 8) & 255) + ((bits >> 16) & 255) + ((bits >> 24) & 255);
    return Math.max((sum - 510) >> 2, -127);
  });
}

/** `count` offsets, roughly normal with standard deviation 1/2 around `centre`. */
export function seededOffsets(count: number, centre: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => centre + (random() + random() + random() - 1.5));
}

/**
 * A picture to calibrate on, [H, W, C], values -128..127: rectangles of random colours under a little noise,
 * so that neighbouring pixels resemble each other as they do in photographs.
 */
export function seededPicture(height: number, width: number, channels: number, seed: number): Int8Array {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const values = new Int8Array(height * width * channels);
  const colour = (): number[] => Array.from({ length: channels }, () => below(256) - 128);
  const fill = (top: number, left: number, bottom: number, right: number, c: readonly number[]): void => {
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) values.set(c, (y * width + x) * channels);
    }
  };
  fill(0, 0, height, width, colour());
  for (let i = 0; i < 40; i++) {
    const [top, left] = [below(height), below(width)];
    fill(
      top,
      left,
      Math.min(height, top + 1 + below(height)),
      Math.min(width, left + 1 + below(width)),
      colour(),
    );
  }
  return values.map((v) => Math.min(127, Math.max(-128, v + below(33) - 16)));
}
