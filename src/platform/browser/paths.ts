/** Paths in a browser: of files in memory, with forward slashes. The working folder is the root. */
export const sep = "/";

export function isAbsolute(path: string): boolean {
  return path.startsWith(sep);
}

/** The parts as one path, without `.`, `..`, double slashes and one at its end. */
export function join(...parts: readonly string[]): string {
  const path = parts.filter((part) => part !== "").join(sep);
  const names: string[] = [];
  for (const name of path.split(sep)) {
    if (name === "" || name === ".") continue;
    const isAbove = name === ".." && (names.length === 0 || names.at(-1) === "..");
    if (name !== ".." || (isAbove && !isAbsolute(path))) names.push(name);
    else names.pop();
  }
  const joined = names.join(sep);
  return isAbsolute(path) ? sep + joined : joined || ".";
}

/** Absolute: the last part that is, and those behind it. */
export function resolve(...parts: readonly string[]): string {
  const from = parts.findLastIndex(isAbsolute);
  return join(sep, ...parts.slice(Math.max(from, 0)));
}

export function dirname(path: string): string {
  const end = path.lastIndexOf(sep);
  if (end < 0) return ".";
  return end === 0 ? sep : path.slice(0, end);
}

/** The name without its folder; without `ending` too, when it has that. */
export function basename(path: string, ending = ""): string {
  const name = path.slice(path.lastIndexOf(sep) + 1);
  return name !== ending && name.endsWith(ending) ? name.slice(0, name.length - ending.length) : name;
}

/** The last dot of the name and what is behind it; "" for a name that begins with its only dot. */
export function extname(path: string): string {
  const name = basename(path);
  const dot = name.lastIndexOf(".");
  return dot > 0 && name !== ".." ? name.slice(dot) : "";
}

export function shownPath(path: string): string {
  return resolve(path).slice(1);
}

export function pathOfUrl(url: string | URL): string {
  return new URL(url).pathname;
}
