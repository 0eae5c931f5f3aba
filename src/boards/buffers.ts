/** Buffers that are tried beside those that network and array suggest. */
import type { Hardware } from "../4-schedule/plan.ts";
import type { BufferOptions } from "../4-schedule/size.ts";

type Buffers = Required<BufferOptions>;

/** As an accelerator has them. */
export function buffersOf({
  busBytes,
  chipDepth,
  kept,
  lbBytes,
  lineBuffers,
  weightDepth,
}: Hardware): Buffers {
  const [, second] = lineBuffers;
  return {
    weightWords: weightDepth,
    lineBytes: second === undefined ? 0 : second.depth * lbBytes,
    mapBytes: chipDepth * busBytes,
    keptWords: kept.words,
  };
}

/** Factors of the buffers that network and array suggest. */
const factors = [0.5, 1, 2] as const;

/** Half and twice as much of ring and lines; and nothing on the chip that need not be there. */
export function otherBuffers({ keptWords, lineBytes, mapBytes, weightWords }: Buffers): readonly Buffers[] {
  return factors.flatMap((ring) =>
    factors.flatMap((line): readonly Buffers[] => {
      if (ring !== 1 || line !== 1)
        return [
          { weightWords: weightWords * ring, lineBytes: Math.ceil(lineBytes * line), mapBytes, keptWords },
        ];
      return mapBytes + keptWords === 0 ? [] : [{ weightWords, lineBytes, mapBytes: 0, keptWords: 0 }];
    }),
  );
}
