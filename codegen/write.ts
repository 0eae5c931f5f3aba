import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { OutputFiles } from "./generate.ts";

/** Writes the files below `folder`, making folders as needed. */
export function writeFiles(files: OutputFiles, folder: string): void {
  for (const [path, content] of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}
