/** What a tool was given, as one string: a cache that goes by it keeps the tool's answer. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { execa } from "execa";
import { contentHash } from "../../src/platform/content-hash.ts";

/** Tools, and how to ask each for its version. */
const versionOption = { verilator: "--version", iverilog: "-V", yosys: "-V" } as const;

export type Tool = keyof typeof versionOption;

const versions = new Map<Tool, Promise<string>>();

/** What a tool says of its version; "" of one that is missing. */
function versionOf(tool: Tool): Promise<string> {
  const ask = async (): Promise<string> => {
    const result = await execa(tool, [versionOption[tool]], { reject: false });
    return result.failed ? "" : result.stdout;
  };
  const said = versions.get(tool) ?? ask();
  versions.set(tool, said);
  return said;
}

/**
 * Of the tool's version, its arguments and what the files hold. `argumentsFor`: the arguments for files of these names; where
 * the files lie changes nothing.
 */
export async function inputKey(
  tool: Tool,
  files: readonly string[],
  argumentsFor: (files: readonly string[]) => readonly string[],
): Promise<string> {
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return contentHash([
    await versionOf(tool),
    ...argumentsFor(files.map((file) => basename(file))),
    ...contents,
  ]);
}
