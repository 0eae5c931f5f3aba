import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../src/ir/cache.ts";

/**
 * The folder that `build` filled for this key, now or earlier. A build happens in a folder beside it that is renamed
 * when complete, so that a reader never sees half of one and an interrupted build leaves no trace.
 */
export async function cached(
  kind: string,
  key: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const root = cacheFolder();
  const folder = join(root, `${kind}-${key}`);
  if (existsSync(folder)) return folder;
  await mkdir(root, { recursive: true });
  const partial = await mkdtemp(join(root, `partial-${kind}-`));
  try {
    await build(partial);
    await rename(partial, folder).catch((error: unknown) => {
      // Another process finished the same build first; its result is the same.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

/** Removes what a build needed only on its way. */
export async function keepOnly(folder: string, files: readonly string[]): Promise<void> {
  for (const file of await readdir(folder)) {
    if (!files.includes(file)) await rm(join(folder, file), { recursive: true });
  }
}
