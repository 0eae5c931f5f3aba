/** The checks that all Verilog of this project passes, hand-written and generated alike. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { execa } from "execa";
import { cached } from "../../sim/tools/cache.ts";
import { badIdentifiers } from "./identifiers.ts";
import { inputKey, type Tool } from "./input.ts";

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

/**
 * Checks the module `top` with its default parameters; `files` hold it and everything that it instantiates.
 * Returns what the tool complains of; "" when it is clean, which the cache remembers by the tool's version and all that it
 * read. A missing tool is a complaint.
 */
export async function lint(tool: LintTool, top: string, files: readonly string[]): Promise<string> {
  if (tool === "identifiers") return (await Promise.all(files.map(identifiersOf))).flat().join("\n");
  const { argumentsFor, name } = commandOf(tool, top);
  const key = await inputKey(name, files, argumentsFor);
  try {
    await cached("clean", key, async () => {
      const complaints = await run(name, argumentsFor(files));
      if (complaints !== "") throw new Complaints(complaints);
    });
    return "";
  } catch (error) {
    if (error instanceof Complaints) return error.message;
    throw error;
  }
}

class Complaints extends Error {}

interface Command {
  readonly name: Tool;
  readonly argumentsFor: (files: readonly string[]) => readonly string[];
}

function commandOf(tool: Exclude<LintTool, "identifiers">, top: string): Command {
  const verilator = ["--lint-only", "-Wall", "--top-module", top];
  const iverilog = ["-Wall", "-t", "null", "-s", top];
  switch (tool) {
    case "verilator":
      return {
        name: "verilator",
        argumentsFor: (files) => [...verilator, ...files, "--language", "1364-2005"],
      };
    case "verilator as SystemVerilog":
      return { name: "verilator", argumentsFor: (files) => [...verilator, ...files] };
    case "iverilog":
      return { name: "iverilog", argumentsFor: (files) => ["-g2005", ...iverilog, ...files] };
    case "iverilog as SystemVerilog":
      return { name: "iverilog", argumentsFor: (files) => ["-g2012", ...iverilog, ...files] };
    case "yosys":
      // -e turns every warning into an error: -q would hide them.
      return { name: "yosys", argumentsFor: (files) => ["-q", "-e", ".*", "-p", yosysScript(top, files)] };
  }
}

async function run(name: string, args: readonly string[]): Promise<string> {
  const result = await execa(name, args, { all: true, reject: false });
  const said = result.all.trim();
  if (result.exitCode === 0) return said;
  return said === "" ? `${name} failed: ${result.message ?? `status ${result.exitCode}`}` : said;
}

function yosysScript(top: string, files: readonly string[]): string {
  return `read_verilog ${files.join(" ")}; hierarchy -check -top ${top}; proc; check -assert`;
}

async function identifiersOf(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8");
  return badIdentifiers(text).map((complaint) => `${basename(file)}: ${complaint}`);
}
