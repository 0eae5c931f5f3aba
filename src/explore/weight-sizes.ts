import type { IntGraph } from "../ir/integer.ts";

/** Bytes of all weights at so many bits each, as a codebook's indices (Deep Compression) would take, without pruning. */
export interface WeightSize {
  readonly bits: number;
  readonly bytes: number;
}

/** Bits that Deep Compression's codebooks have. */
const WIDTHS = [8, 6, 4] as const;

/**
 * Size alone: the accelerator reads 8-bit weights from its memory and has no decoder, so fewer bits make the stored model
 * smaller and change no cycle.
 */
export function weightSizes({ nodes }: IntGraph): readonly WeightSize[] {
  const weights = nodes.reduce((sum, node) => sum + ("weights" in node ? node.weights.length : 0), 0);
  return WIDTHS.map((bits) => ({ bits, bytes: Math.ceil((weights * bits) / 8) }));
}

/** One sentence for people. */
export function weightSentence(sizes: readonly WeightSize[]): string {
  const each = sizes.map(({ bits, bytes }) => `${(bytes / 1024).toFixed(0)} KiB at ${bits} bits`);
  return `Weights: ${each.join(", ")} (stored, firebrick compress); the accelerator reads 8 bits, so no cycle changes`;
}
