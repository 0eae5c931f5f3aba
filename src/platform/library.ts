/** Large libraries, loaded by the first call that needs one: a command that does not pays nothing for it. */
import { createRequire } from "node:module";
import type { Libraries } from "./libraries.ts";

const require = createRequire(import.meta.url);

/** A package by name, at once: `import()` would make every caller wait for a promise. Its types come by `import type`. */
export function library<Name extends keyof Libraries>(name: Name): Libraries[Name] {
  return require(name) as Libraries[Name];
}
