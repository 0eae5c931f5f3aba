/** Which modules a generated one needs: hand-written ones, kernels, and others that are generated with it. */
import { exists, listFolder, readText } from "../src/platform/files.ts";
import { packagePath } from "../src/platform/package.ts";
import { basename, join } from "../src/platform/paths.ts";
import { kernelFolder } from "./kernels.ts";

export interface ModuleFile {
  /** The module, and its file without `.v`. */
  readonly name: string;
  readonly text: string;
}

/** What the text of a top does not say itself. */
export interface Surroundings {
  /** Modules that only branches instantiate which the top's parameters do not take. */
  readonly absent?: readonly string[];
  /** Modules that are generated with the top. */
  readonly generated?: readonly ModuleFile[];
}

/**
 * The modules of hw/rtl, the kernels and the `generated` ones that `top` instantiates, directly or not: each behind those
 * that it instantiates itself. `top`: Verilog text.
 */
export function modulesOf(
  top: string,
  { absent = [], generated = [] }: Surroundings = {},
): readonly ModuleFile[] {
  const written = [packagePath("hw", "rtl"), kernelFolder()]
    .flatMap((folder) => listFolder(folder).map((file) => join(folder, file)))
    .filter((file) => file.endsWith(".v"))
    .map((file): ModuleFile => ({ name: basename(file, ".v"), text: readText(file) }));
  const texts = new Map(
    [...written, ...generated]
      .filter(({ name }) => !absent.includes(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, text }) => [name, text]),
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
  return new Map(modules.flatMap(({ name }) => (exists(path(name)) ? [[name, readText(path(name))]] : [])));
}

/** Modules of `known` with an instance in the text: the name, then parameters or an instance name. */
function instantiated(text: string, known: readonly string[]): readonly string[] {
  const code = text.replace(/\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");
  return known.filter((name) => new RegExp(`(?<!module\\s+)\\b${name}\\s+(#\\s*\\(|u_)`).test(code));
}
