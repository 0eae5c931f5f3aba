/** Which hand-written modules a generated one needs. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { packagePath } from "../src/ir/package-root.ts";

export interface ModuleFile {
  /** The module, and its file without `.v`. */
  readonly name: string;
  readonly text: string;
}

/**
 * The modules of hw/rtl that `top` instantiates, directly or not: each behind those that it instantiates itself.
 * `top`: Verilog text.
 */
export function modulesOf(top: string): readonly ModuleFile[] {
  const folder = packagePath("hw", "rtl");
  const texts = new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith(".v"))
      .sort()
      .map((file) => [basename(file, ".v"), readFileSync(join(folder, file), "utf8")]),
  );
  const ordered = new Map<string, ModuleFile>();
  const visit = (text: string): void => {
    for (const name of instantiated(text, [...texts.keys()])) {
      const module = texts.get(name);
      if (module === undefined || ordered.has(name)) continue;
      visit(module);
      ordered.set(name, { name, text: module });
    }
  };
  visit(top);
  return [...ordered.values()];
}

/** Modules of `known` with an instance in the text: the name, then parameters or an instance name. */
function instantiated(text: string, known: readonly string[]): readonly string[] {
  const code = text.replace(/\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");
  return known.filter((name) => new RegExp(`(?<!module\\s+)\\b${name}\\s+(#\\s*\\(|u_)`).test(code));
}
