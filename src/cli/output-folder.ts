import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { InputError, namePath } from "../ir/errors.ts";

/**
 * Lets `write` fill a new folder beside `target` and renames it to `target` at the end, so that a failure
 * leaves nothing behind and an older result stays whole. Returns what `write` returns.
 * Throws InputError when `target` holds anything that Firebrick did not write.
 */
export async function withOutputFolder<T>(
  target: string,
  write: (folder: string) => Promise<T> | T,
): Promise<T> {
  const final = resolve(target);
  refuseForeign(target, final);
  const created = makeFolder(target, dirname(final));
  const partial = join(dirname(final), `.${basename(final)}.partial-${process.pid}`);
  try {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial);
    const result = await write(partial);
    rmSync(final, { recursive: true, force: true });
    renameSync(partial, final);
    return result;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (created !== undefined) rmSync(created, { recursive: true, force: true });
    throw namePath(error, target, "free space there, or give another folder to -o");
  }
}

/** Makes the folder and its parents; returns the topmost one that is new. Throws InputError. */
function makeFolder(target: string, folder: string): string | undefined {
  try {
    return mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError({
      code: "output-folder",
      node: target,
      found: error instanceof Error ? error.message : String(error),
      supported: "a folder that can be made",
      fix: "give another folder to -o",
    });
  }
}

function refuseForeign(target: string, final: string): void {
  if (!existsSync(final)) return;
  const found = foreignContent(final);
  if (found === null) return;
  throw new InputError({
    code: "output-folder",
    node: target,
    found,
    supported: "a new folder, an empty one, or one that firebrick compile wrote and nobody added to",
    fix: "give another folder to -o, or move what is in this one",
  });
}

/**
 * What the projects' Makefiles and Tcl make, most of which `make clean` removes, and what the tools behind them leave in the folder
 * that they run in. Tools fill node_modules, people do not.
 */
const MADE_BY_TOOLS: readonly RegExp[] = [
  /^(?:node_modules|build|vivado\/project|\.Xil)\//,
  /^driver\/firebrick(_host)?\.o$/,
  /^vivado\/(?:utilization\.txt|timing\.txt|firebrick\.xsa|firebrick_axi\.dcp)$/,
  /^vivado[\w.]*\.(?:log|jou|str)$/,
  /^pynq\/(?:firebrick\.bit|firebrick\.hwh|model\.bin|__pycache__\/.*)$/,
];

/** What stands in the way of replacing the folder; null when nothing does. */
function foreignContent(folder: string): string | null {
  if (!statSync(folder).isDirectory()) return "a file of that name";
  if (readdirSync(folder).length === 0) return null;
  const listed = manifestFiles(join(folder, "manifest.json"));
  if (listed === null) return "files that firebrick did not write (no manifest.json of its own)";
  const isOurs = (path: string): boolean =>
    path === "manifest.json" || listed.has(path) || MADE_BY_TOOLS.some((made) => made.test(path));
  const extra = listFiles(folder).filter((path) => !isOurs(path));
  return extra.length === 0 ? null : `files that manifest.json does not list, such as ${extra[0]}`;
}

/** Paths in the `files` object of a manifest; null when it is not a manifest of Firebrick's. */
function manifestFiles(path: string): ReadonlySet<string> | null {
  if (!existsSync(path)) return null;
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof manifest !== "object" || manifest === null) return null;
    const files: unknown = Reflect.get(manifest, "files");
    const isOurs =
      typeof Reflect.get(manifest, "top") === "string" && typeof files === "object" && files !== null;
    return isOurs ? new Set(Object.keys(files)) : null;
  } catch {
    return null;
  }
}

/** Every file below the folder, as a path relative to it with forward slashes. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}
