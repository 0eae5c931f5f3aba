import { hex } from "./bytes.ts";
import { sha256 } from "./hash.ts";

/** SHA-256 of the parts, one behind the other; hexadecimal. */
export function sha256Hex(...parts: readonly (string | Uint8Array)[]): string {
  return hex(sha256(parts));
}

/** SHA-256 of the parts in order, 32 hexadecimal digits; part borders count. */
export function contentHash(parts: readonly (string | Uint8Array)[]): string {
  return sha256Hex(...parts.flatMap((part) => [`${part.length}:`, part])).slice(0, 32);
}
