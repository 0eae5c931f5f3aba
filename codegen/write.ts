import { writeFile } from "../src/platform/files.ts";
import { join } from "../src/platform/paths.ts";
import type { OutputFiles } from "./generate.ts";

/** Writes the files below `folder`, making folders as needed. */
export function writeFiles(files: OutputFiles, folder: string): void {
  for (const [path, content] of files) writeFile(join(folder, path), content);
}
