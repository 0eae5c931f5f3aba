/** Yosys in tests: what it said of the same Verilog and script is kept by the cache. */
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { cached } from "../../sim/tools/cache.ts";
import { contentHash } from "../../src/platform/content-hash.ts";

/**
 * What Yosys prints of `script`, which is given the names of `files` with spaces between. Throws when Yosys fails, and with
 * `strict` when it warns.
 */
export async function yosys(
  files: readonly string[],
  script: (verilog: string) => string,
  { strict }: { readonly strict: boolean },
): Promise<string> {
  const { stdout: version } = await execa("yosys", ["-V"]);
  const options = strict ? ["-e", ".*"] : [];
  const contents = await Promise.all(files.map((file) => readFile(file)));
  // Where the files lie changes nothing.
  const named = script(files.map((file) => basename(file)).join(" "));
  const folder = await cached(
    "yosys",
    contentHash([version, ...options, named, ...contents]),
    async (partial) => {
      const { stdout } = await execa("yosys", [...options, "-p", script(files.join(" "))]);
      await writeFile(join(partial, "said"), stdout);
    },
  );
  return readFile(join(folder, "said"), "utf8");
}
