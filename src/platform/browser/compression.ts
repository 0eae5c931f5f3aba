/** Browsers unpack Brotli for web pages alone. */
import { UnavailableError } from "../unavailable.ts";

export const LARGEST_ARRAY = 2 ** 32;

export function packBrotli(_bytes: Uint8Array): Uint8Array {
  throw brotli();
}

export function unpackBrotli(_bytes: Uint8Array, _most: number): Uint8Array {
  throw brotli();
}

function brotli(): UnavailableError {
  return new UnavailableError("Brotli", "use a model that firebrick compress did not write");
}
