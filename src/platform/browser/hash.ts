/** SHA-256 in a browser: with the page's function, since the browser's own makes every caller wait. */
import { joinBytes } from "../bytes.ts";
import { givenHash } from "./given.ts";

export function sha256(parts: Iterable<string | Uint8Array>): Uint8Array {
  const encoder = new TextEncoder();
  const bytes = Array.from(parts, (part) => (typeof part === "string" ? encoder.encode(part) : part));
  return givenHash()(joinBytes(bytes));
}
