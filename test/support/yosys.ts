/** Yosys in tests: what it said of the same Verilog and script is kept by the cache. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { inputKey } from "../../hw/lint/input.ts";
import { cached } from "../../sim/tools/cache.ts";

/**
 * What Yosys prints of `script`, which is given the names of `files` with spaces between. Throws when Yosys fails, and with
 * `strict` when it warns.
 */
export async function yosys(
  files: readonly string[],
  script: (verilog: string) => string,
  { strict }: { readonly strict: boolean },
): Promise<string> {
  const argumentsFor = (names: readonly string[]) => [
    ...(strict ? ["-e", ".*"] : []),
    "-p",
    script(names.join(" ")),
  ];
  const key = await inputKey("yosys", files, argumentsFor);
  const folder = await cached("yosys", key, async (partial) => {
    const { stdout } = await execa("yosys", argumentsFor(files));
    await writeFile(join(partial, "said"), stdout);
  });
  return readFile(join(folder, "said"), "utf8");
}
