/** SHA-256 in a browser, whose own makes every caller wait. */
import { sha256 as noble } from "@noble/hashes/sha2.js";

export function sha256(parts: Iterable<string | Uint8Array>): Uint8Array {
  const encoder = new TextEncoder();
  const hash = noble.create();
  for (const part of parts) hash.update(typeof part === "string" ? encoder.encode(part) : part);
  return hash.digest();
}
