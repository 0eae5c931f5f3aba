/** Brotli's format. */
import { kMaxLength } from "node:buffer";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

/** As many bytes as an array can have. */
export const LARGEST_ARRAY = kMaxLength;

export function packBrotli(bytes: Uint8Array): Uint8Array {
  return brotliCompressSync(bytes);
}

/** Throws an error with a `code`: ERR_BUFFER_TOO_LARGE when there are more than `most` bytes, another for damaged ones. */
export function unpackBrotli(bytes: Uint8Array, most: number): Uint8Array {
  return brotliDecompressSync(bytes, { maxOutputLength: most });
}
