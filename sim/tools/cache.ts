import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../src/platform/cache.ts";
import { namePath } from "../../src/ir/errors.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { disown, livingFolders, ownedFolder, removeAbandoned } from "./owned-folder.ts";

/** Lists what a finished build holds, so that a damaged one is told from a whole one. */
const contentsFile = "contents.json";
const PARTIAL = "partial-";
/** How often one who waits for another's build looks, ms. */
const LOOK = 200;
/** A folder that says when its build began is there so soon after that, ms; who looks later than that sees all earlier ones. */
const SETTLE = 50;

/**
 * The folder that `build` filled for this key, now or earlier; a damaged one is built again. A build happens in a folder
 * beside it that is renamed when complete, so that a reader never sees half of one; what a killed build has left is
 * removed by the next use of the cache. Of those on one machine who want the same build, one makes it and the others
 * wait. Throws FileSystemError for a cache that cannot be used, and the signal's reason.
 */
export async function cached(
  kind: string,
  key: string,
  build: (folder: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<string> {
  const root = cacheFolder();
  const folder = join(root, `${kind}-${key}`);
  try {
    await removeAbandoned(root, PARTIAL);
    if (await isWhole(folder)) return folder;
    await mkdir(root, { recursive: true });
    const same = `${PARTIAL}${kind}-${key}-`;
    const partial = await dated(root, same);
    try {
      await endOfEarlier(root, same, partial, signal);
      if (await isWhole(folder)) return folder;
      await build(partial);
      await disown(partial);
      await writeFile(join(partial, contentsFile), JSON.stringify(await contentsOf(partial)));
      await put(partial, folder);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return folder;
  } catch (error) {
    throw namePath(error, root, "free space there, or name another folder in FIREBRICK_CACHE");
  }
}

/** A folder whose name goes on with its time: names are in the order of their beginning. */
async function dated(root: string, prefix: string): Promise<string> {
  for (;;) {
    const began = Date.now();
    const folder = await ownedFolder(root, `${prefix}${began}-`);
    if (Date.now() - began < SETTLE) return folder;
    // others may have looked for earlier ones already
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits for those who began the same build before us, whether they finish it or not. */
async function endOfEarlier(
  root: string,
  prefix: string,
  own: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await sleep(SETTLE);
  while ((await livingFolders(root, prefix)).some((folder) => folder < own)) {
    await sleep(LOOK);
    signal?.throwIfAborted();
  }
}

/** Gives a finished build its name, unless another process has finished the same one first. */
async function put(partial: string, folder: string): Promise<void> {
  if (existsSync(folder)) {
    if (await isWhole(folder)) return;
    await rm(folder, { recursive: true, force: true });
  }
  await rename(partial, folder).catch(async (error: unknown) => {
    if (!(await isWhole(folder))) throw error;
  });
}

/** Whether the folder holds exactly what its build put there. */
async function isWhole(folder: string): Promise<boolean> {
  try {
    const listed = await readFile(join(folder, contentsFile), "utf8");
    return listed === JSON.stringify(await contentsOf(folder));
  } catch {
    return false;
  }
}

/** SHA-256 of every file and whether it can be run, by name. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name !== contentsFile).sort();
  const describe = async (name: string) => {
    const path = join(folder, name);
    const { mode } = await stat(path);
    const hash = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    return [name, `${(mode & 0o100) === 0 ? "" : "executable "}${hash}`] as const;
  };
  return Object.fromEntries(await Promise.all(names.map(describe)));
}

/** Removes what a build needed only on its way. */
export async function keepOnly(folder: string, files: readonly string[]): Promise<void> {
  for (const file of await readdir(folder)) {
    if (!files.includes(file)) await rm(join(folder, file), { recursive: true });
  }
}
