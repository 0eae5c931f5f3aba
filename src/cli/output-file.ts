import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../ir/errors.ts";

/** Refuses a target that cannot become a file, before any work is done. Throws InputError. */
export function checkOutputFile(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat && !stat.isFile()) throw problem(path, "a folder or device of that name");
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (!folder?.isDirectory()) throw problem(path, `no folder ${dirname(path)}`);
}

/** Writes the file at once: an interrupted run leaves an older file whole. Throws InputError. */
export function writeOutputFile(path: string, bytes: Uint8Array): void {
  const partial = `${path}.partial-${process.pid}`;
  try {
    writeFileSync(partial, bytes);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw problem(path, error instanceof Error ? error.message : String(error));
  }
}

function problem(node: string, found: string): InputError {
  const supported = "a file in a folder that can be written";
  return new InputError({ code: "output-file", node, found, supported, fix: "give another file to -o" });
}
