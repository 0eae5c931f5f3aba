/** Which hand-written modules a generated one needs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
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

/** The parts of hw/rtl/`folder` that are twins of the modules, by module; see docs/modules.md. */
export function partsOf(modules: readonly ModuleFile[], folder: string | null): ReadonlyMap<string, string> {
  if (folder === null) return new Map();
  const path = (name: string) => packagePath("hw", "rtl", folder, `${name}.v`);
  return new Map(
    modules.flatMap(({ name }) => (existsSync(path(name)) ? [[name, readFileSync(path(name), "utf8")]] : [])),
  );
}

/** Modules of `known` with an instance in the text: the name, then parameters or an instance name. */
function instantiated(text: string, known: readonly string[]): readonly string[] {
  const code = text.replace(/\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");
  return known.filter((name) => new RegExp(`(?<!module\\s+)\\b${name}\\s+(#\\s*\\(|u_)`).test(code));
}
