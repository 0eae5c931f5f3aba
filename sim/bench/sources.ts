import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * The Verilog files that a module can depend on: `files`, and every `.v` of `libraries` whose module name one of them
 * mentions, over and over. A name in a comment counts too: a file too many costs a rebuild, a file too few a stale one.
 */
export function dependencies(files: readonly string[], libraries: readonly string[]): string[] {
  const known = new Map<string, string>();
  for (const library of libraries.filter((folder) => existsSync(folder))) {
    for (const file of readdirSync(library).sort()) {
      const name = /^(.*)\.(?:v|vh)$/.exec(file)?.[1];
      if (name !== undefined && !known.has(name)) known.set(name, join(library, file));
    }
  }
  const found = new Set<string>();
  const open = [...files];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const word of new Set(readFileSync(file, "utf8").match(/[A-Za-z_]\w*/g))) {
      const dependency = known.get(word);
      if (dependency !== undefined) open.push(dependency);
    }
  }
  return [...found].sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}
