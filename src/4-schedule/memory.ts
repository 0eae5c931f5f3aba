/** Where weight segments and maps lie in their regions. */
import { roundUp } from "./size.ts";

const SEGMENT_ALIGN = 256;
const MAP_ALIGN = 256;

/** Hands out ascending, aligned offsets of the model region. */
export interface Segments {
  /** Offset of the next `bytes` bytes. */
  place(bytes: number): number;
  /** Bytes handed out so far, header and descriptors included. */
  used(): number;
}

export function segments(programBytes: number): Segments {
  let next = roundUp(programBytes, SEGMENT_ALIGN);
  return {
    place(bytes) {
      const at = next;
      next = roundUp(next + bytes, SEGMENT_ALIGN);
      return at;
    },
    used: () => next,
  };
}

/**
 * Offsets of a chain of maps in the workspace. A map dies when the next one is complete, so two halves are enough:
 * even maps in the first, odd ones behind the largest even one.
 */
export function chainOffsets(sizes: readonly number[]): { offsets: number[]; bytes: number } {
  const largest = (parity: number) =>
    Math.max(0, ...sizes.filter((_, i) => i % 2 === parity).map((n) => roundUp(n, MAP_ALIGN)));
  return {
    offsets: sizes.map((_, i) => (i % 2 === 0 ? 0 : largest(0))),
    bytes: largest(0) + largest(1),
  };
}
