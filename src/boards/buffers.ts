/** Buffers that are tried beside those that network and array suggest. */
import type { Hardware } from "../4-schedule/plan.ts";
import type { BufferOptions } from "../4-schedule/size.ts";

/** Words of the weight ring, bytes of line buffer 1, as an accelerator has them. */
export function buffersOf({ lbBytes, lineBuffers, weightDepth }: Hardware): Required<BufferOptions> {
  const [, second] = lineBuffers;
  return { weightWords: weightDepth, lineBytes: second === undefined ? 0 : second.depth * lbBytes };
}

/** Factors of the buffers that network and array suggest. */
const factors = [0.5, 1, 2] as const;

/** Half and twice as much of each. */
export function otherBuffers({
  lineBytes,
  weightWords,
}: Required<BufferOptions>): readonly Required<BufferOptions>[] {
  return factors.flatMap((ring) =>
    factors.flatMap((line) =>
      ring === 1 && line === 1
        ? []
        : [{ weightWords: weightWords * ring, lineBytes: Math.ceil(lineBytes * line) }],
    ),
  );
}
