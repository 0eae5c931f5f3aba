/** The checks that all Verilog of this project passes, hand-written and generated alike. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { execa } from "execa";
import { cached } from "../../sim/tools/cache.ts";
import { contentHash } from "../../src/platform/content-hash.ts";
import { badIdentifiers } from "./identifiers.ts";

/** Tools in the language of the project and, since that is what many flows read all files as, in SystemVerilog; and its names. */
export const lintTools = [
  "verilator",
  "verilator as SystemVerilog",
  "iverilog",
  "iverilog as SystemVerilog",
  "yosys",
  "identifiers",
] as const;

export type LintTool = (typeof lintTools)[number];

interface Command {
  readonly name: "verilator" | "iverilog" | "yosys";
  readonly args: readonly string[];
}

/**
 * Checks the module `top` with its default parameters; `files` hold it and everything that it instantiates.
 * Returns what the tool complains of; "" when it is clean, which the cache remembers by the tool's version and all that it
 * read. A missing tool is a complaint.
 */
export async function lint(tool: LintTool, top: string, files: readonly string[]): Promise<string> {
  if (tool === "identifiers") return (await Promise.all(files.map(identifiersOf))).flat().join("\n");
  const { args, name } = commandOf(tool, top, files);
  // Where the files lie changes nothing.
  const { args: named } = commandOf(
    tool,
    top,
    files.map((file) => basename(file)),
  );
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const key = contentHash([await versionOf(name), ...named, ...contents]);
  try {
    await cached("clean", key, async () => {
      const complaints = await run(name, args);
      if (complaints !== "") throw new Complaints(complaints);
    });
    return "";
  } catch (error) {
    if (error instanceof Complaints) return error.message;
    throw error;
  }
}

class Complaints extends Error {}

function commandOf(tool: Exclude<LintTool, "identifiers">, top: string, files: readonly string[]): Command {
  switch (tool) {
    case "verilator":
      return { name: "verilator", args: [...verilator(top, files), "--language", "1364-2005"] };
    case "verilator as SystemVerilog":
      return { name: "verilator", args: verilator(top, files) };
    case "iverilog":
      return { name: "iverilog", args: ["-g2005", ...iverilog(top, files)] };
    case "iverilog as SystemVerilog":
      return { name: "iverilog", args: ["-g2012", ...iverilog(top, files)] };
    case "yosys":
      // -e turns every warning into an error: -q would hide them.
      return { name: "yosys", args: ["-q", "-e", ".*", "-p", yosysScript(top, files)] };
  }
}

async function run(name: string, args: readonly string[]): Promise<string> {
  const result = await execa(name, args, { all: true, reject: false });
  const said = result.all.trim();
  if (result.exitCode === 0) return said;
  return said === "" ? `${name} failed: ${result.message ?? `status ${result.exitCode}`}` : said;
}

const versions = new Map<string, Promise<string>>();

/** What a tool says of its version; "" of one that is missing. */
function versionOf(name: Command["name"]): Promise<string> {
  const ask = async (): Promise<string> => {
    const result = await execa(name, [name === "verilator" ? "--version" : "-V"], { reject: false });
    return result.failed ? "" : result.stdout;
  };
  const said = versions.get(name) ?? ask();
  versions.set(name, said);
  return said;
}

function verilator(top: string, files: readonly string[]): string[] {
  return ["--lint-only", "-Wall", "--top-module", top, ...files];
}

function iverilog(top: string, files: readonly string[]): string[] {
  return ["-Wall", "-t", "null", "-s", top, ...files];
}

function yosysScript(top: string, files: readonly string[]): string {
  return `read_verilog ${files.join(" ")}; hierarchy -check -top ${top}; proc; check -assert`;
}

async function identifiersOf(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8");
  return badIdentifiers(text).map((complaint) => `${basename(file)}: ${complaint}`);
}
