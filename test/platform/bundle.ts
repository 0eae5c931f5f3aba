/** The package as a bundler makes it into one script for a page. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
// Vite's bundler, which comes with vitest.
import { rolldown, type OutputChunk } from "rolldown";
import { packagePath } from "../../src/platform/package.ts";

/** The script, which keeps what the modules export in a variable `firebrick`. `modules`: of dist/, without the ending. */
export async function bundle(modules: readonly string[]): Promise<OutputChunk> {
  const entry = modules.map(
    (name) => `export * from ${JSON.stringify(packagePath("dist", `${name}.js`))};\n`,
  );
  const build = await rolldown({
    input: "page",
    platform: "browser",
    logLevel: "silent",
    plugins: [
      {
        name: "page",
        resolveId: (id) => (id === "page" ? "\0page" : null),
        load: (id) => (id === "\0page" ? entry.join("") : null),
      },
    ],
  });
  const { output } = await build.generate({ format: "iife", name: "firebrick", codeSplitting: false });
  await build.close();
  return output[0];
}

/** Files of the package that a page gives: text by path. */
export function packageFiles(): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const add = (path: string): void => {
    const full = packagePath(path);
    if (statSync(full).isDirectory()) for (const name of readdirSync(full)) add(join(path, name));
    else found[path] = readFileSync(full, "utf8");
  };
  const folders = ["templates", "hw/bench", "hw/boards", "hw/kernels", "hw/resources", "hw/rtl", "hw/yosys"];
  for (const path of ["package.json", ...folders, "dist/src/hls/index.d.ts"]) add(path);
  return found;
}
