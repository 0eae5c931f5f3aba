/** Sums of products of patches of a map with weights: what a convolution is before its bias. */
import { item, lastItem } from "../ir/known.ts";
import { instantiate } from "./instance.ts";
import { BLOCK_BYTES, FLOAT, INTEGER, moduleOf, PATCHES, STEP_BYTES } from "./kernel.ts";
import type { Patches } from "./patches.ts";

export { patchesOf, type Patches } from "./patches.ts";

/** Patches `patch` to `patch + count - 1` and output channels `output` to `output + block - 1`. */
export interface Block {
  readonly patch: number;
  readonly count: number;
  readonly output: number;
  readonly block: number;
}

/** How one kind of values is laid out for the module. */
interface Kind<Values, Weights, Sums> {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Values of a map that a step reads. */
  readonly perStep: number;
  /** Output channels of a block. */
  readonly block: number;
  readonly values: new (buffer: ArrayBuffer, at: number, length: number) => Values;
  readonly weights: new (buffer: ArrayBuffer, at: number, length: number) => Weights;
  readonly sums: new (buffer: ArrayBuffer, at: number, length: number) => Sums;
}

/** Values of a map that lie in the module's memory at a time, unless one patch has more. */
const MOST_VALUES = 1 << 20;

/**
 * For a map, patches of it, weights [outputs, runs * length] and the number of outputs: calls `take` with the sums of one
 * block after the other, [patch, `block` outputs]; those beyond the last output are zeros. The list is written over afterwards.
 */
function productsOf<
  Values extends Float32Array | Int16Array,
  Weights extends Float64Array | Int16Array,
  Sums extends Float64Array | Int32Array,
>(kind: Kind<Values, Weights, Sums>) {
  const { perStep, block } = kind;
  const module = instantiate(kind.bytes);
  return (
    map: Values,
    { corners, runs, length }: Patches,
    weights: Values,
    outputs: number,
    take: (sums: Sums, at: Block) => void,
  ): void => {
    const steps = Math.ceil(length / perStep);
    const valueBytes = STEP_BYTES / perStep;
    const extent = lastItem(runs) + length;
    let patch = 0;
    while (patch < corners.length) {
      const next = bandEnd(corners, patch, extent);
      const first = item(corners, patch);
      const rounded = PATCHES * Math.ceil((next - patch) / PATCHES);
      const values = map.subarray(first, item(corners, next - 1) + extent);
      const [mapAt, weightsAt, runsAt, cornersAt, sumsAt] = module.layOut(
        // A last step of a pair may read a value more, which meets a weight of 0.
        values.length * valueBytes + STEP_BYTES,
        runs.length * steps * BLOCK_BYTES,
        4 * runs.length,
        4 * rounded,
        rounded * BLOCK_BYTES,
      );
      const buffer = module.buffer();
      new kind.values(buffer, mapAt, values.length).set(values);
      new Int32Array(buffer, runsAt, runs.length).set(runs.map((run) => run * valueBytes));
      // Patches that fill the last group are the band's last one again.
      const places = new Int32Array(buffer, cornersAt, rounded);
      for (let i = 0; i < rounded; i++)
        places[i] = mapAt + (item(corners, Math.min(patch + i, next - 1)) - first) * valueBytes;
      const packed = new kind.weights(buffer, weightsAt, runs.length * steps * block * perStep);
      const sums = new kind.sums(buffer, sumsAt, rounded * block);
      for (let output = 0; output < outputs; output += block) {
        pack(weights, packed, { runs: runs.length, length, steps, perStep, block, output, outputs });
        const ends = [cornersAt, cornersAt + 4 * rounded, runsAt, runsAt + 4 * runs.length] as const;
        module.run(...ends, steps * STEP_BYTES, weightsAt, sumsAt);
        take(sums, { patch, count: next - patch, output, block });
      }
      patch = next;
    }
  };
}

/** The first patch behind those from `patch` on whose values, of `extent` from the corner on, are held at a time. */
function bandEnd(corners: Int32Array, patch: number, extent: number): number {
  const limit = item(corners, patch) + MOST_VALUES - extent;
  let next = patch + 1;
  while (next < corners.length && item(corners, next) <= limit) next++;
  return next;
}

/** Writes weights [outputs, run, value] of a block as [run, step, output, value of the step], zeros where there are none. */
function pack(
  weights: Float32Array | Int16Array,
  packed: Float64Array | Int16Array,
  sizes: {
    readonly runs: number;
    readonly length: number;
    readonly steps: number;
    readonly perStep: number;
    readonly block: number;
    readonly output: number;
    readonly outputs: number;
  },
): void {
  const { runs, length, steps, perStep, block, output, outputs } = sizes;
  packed.fill(0);
  for (let j = 0; j < Math.min(block, outputs - output); j++) {
    for (let r = 0; r < runs; r++) {
      const from = ((output + j) * runs + r) * length;
      for (let i = 0; i < length; i++) {
        const step = r * steps + Math.floor(i / perStep);
        packed[(step * block + j) * perStep + (i % perStep)] = weights[from + i]!;
      }
    }
  }
}

/** float32 maps and weights. Each sum is taken in double precision, in the order of the patch. */
export const floatProducts = productsOf<Float32Array, Float64Array, Float64Array>({
  bytes: moduleOf(FLOAT),
  perStep: 1,
  block: BLOCK_BYTES / Float64Array.BYTES_PER_ELEMENT,
  values: Float32Array,
  weights: Float64Array,
  sums: Float64Array,
});

/** int16 maps and weights. Sums wrap at 32 bits. */
export const integerProducts = productsOf<Int16Array, Int16Array, Int32Array>({
  bytes: moduleOf(INTEGER),
  perStep: 2,
  block: BLOCK_BYTES / Int32Array.BYTES_PER_ELEMENT,
  values: Int16Array,
  weights: Int16Array,
  sums: Int32Array,
});
