/** Paths as the machine writes them. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

export { basename, dirname, extname, isAbsolute, join, resolve, sep } from "node:path";

/** From the working folder, as messages show a path. */
export function shownPath(path: string): string {
  return relative(process.cwd(), path);
}

/** Of a module's `import.meta.url`, or of what lies beside it. */
export function pathOfUrl(url: string | URL): string {
  return fileURLToPath(url);
}
