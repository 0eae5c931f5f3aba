/** Paths in a browser: of files in memory, with forward slashes. The working folder is the root. */
import { basename, extname as endingOf, resolve as resolveFrom } from "pathe";

export { basename, dirname, isAbsolute, join } from "pathe";

export const sep = "/";

/** Absolute: the last part that is, and those behind it. */
export function resolve(...parts: readonly string[]): string {
  return resolveFrom(sep, ...parts);
}

/** The last dot of the name and what is behind it; "" for a name that begins with its only dot. */
export function extname(path: string): string {
  return endingOf(basename(path));
}

export function shownPath(path: string): string {
  return resolve(path).slice(1);
}

export function pathOfUrl(url: string | URL): string {
  return new URL(url).pathname;
}
