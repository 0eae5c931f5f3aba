/** Where results of long work are kept between runs, by their content. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { contentHash } from "./content-hash.ts";

/** `$FIREBRICK_CACHE`, or `firebrick` in the user's cache folder. */
export function cacheFolder(): string {
  const { FIREBRICK_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  if (own) return own;
  return join(shared ?? join(homedir(), ".cache"), "firebrick");
}

/**
 * A folder of the cache with the files that `make` gives, names and texts. It is made once for each state of what decides
 * them, which `state` gives; several processes may do so at a time.
 */
export function cachedFolder(
  name: string,
  state: () => readonly (string | Uint8Array)[],
  make: () => Iterable<readonly [string, string]>,
): string {
  const root = cacheFolder();
  const folder = join(root, `${name}-${contentHash(state())}`);
  if (existsSync(folder)) return folder;
  mkdirSync(root, { recursive: true });
  const partial = mkdtempSync(join(root, `partial-${name}-`));
  try {
    for (const [file, text] of make()) writeFileSync(join(partial, file), text);
    if (!existsSync(folder)) renameSync(partial, folder);
  } catch (error) {
    // Another process that finished first made the same.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}
