/** Where results of long work are kept between runs, by their content. */
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

/** `$FIREBRICK_CACHE`, or `firebrick` in the user's cache folder. */
export function cacheFolder(): string {
  const { FIREBRICK_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  if (own) return own;
  return join(shared ?? join(homedir(), ".cache"), "firebrick");
}

/** SHA-256 of the parts in order, 32 hexadecimal digits; part borders count. */
export function contentHash(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(`${part.length}:`);
    hash.update(part);
  }
  return hash.digest("hex").slice(0, 32);
}
