import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of Firebrick's own package.json, from the sources, from dist/ and from an installed package alike. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isOwnPackage(folder)) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error("internal error: no package.json named firebrick above the running code");
    folder = parent;
  }
  return folder;
}

function isOwnPackage(folder: string): boolean {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return false;
  const content: unknown = JSON.parse(readFileSync(path, "utf8"));
  return typeof content === "object" && content !== null && Reflect.get(content, "name") === "firebrick";
}
