/** The cache of a page: as long as the page is open, among its files. */
import { exists, writeFile } from "./files.ts";
import { join } from "./paths.ts";

export function cacheFolder(): string {
  return "/cache";
}

/** The code of an open page stays as it is: the name says enough, and nobody asks for the state. */
export function cachedFolder(
  name: string,
  _state: () => readonly (string | Uint8Array)[],
  make: () => Iterable<readonly [string, string]>,
): string {
  const folder = join(cacheFolder(), name);
  if (!exists(folder)) for (const [file, text] of make()) writeFile(join(folder, file), text);
  return folder;
}
