import type { StreamSizes } from "./stream.ts";

/** What became of one layer. */
export interface LayerReport {
  readonly name: string;
  readonly weights: number;
  readonly biases: number;
  readonly nonzeroWeights: number;
  /** Non-zero weights, and padding of gaps over 15. */
  readonly storedEntries: number;
  /** Values of the codebook besides 0. */
  readonly codes: number;
  /** Weights and biases as float32. */
  readonly floatBytes: number;
  /** Codebook, codes and 4-bit gaps of fixed length, and float32 biases: without Huffman's codes. */
  readonly fixedBytes: number;
  /** The layer's stream, and its biases as 32 bits each. */
  readonly bytes: number;
  readonly sizes: StreamSizes;
  /** Power of the weights over that of the error in decibels; null where no weight changed. */
  readonly snrDb: number | null;
}
