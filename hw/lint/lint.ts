/** The checks that all Verilog of this project passes, hand-written and generated alike. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { execa } from "execa";
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

/**
 * Checks the module `top` with its default parameters; `files` hold it and everything that it instantiates.
 * Returns what the tool complains of; "" when it is clean. A missing tool is a complaint.
 */
export async function lint(tool: LintTool, top: string, files: readonly string[]): Promise<string> {
  switch (tool) {
    case "verilator":
      return run("verilator", [...verilator(top, files), "--language", "1364-2005"]);
    case "verilator as SystemVerilog":
      return run("verilator", verilator(top, files));
    case "iverilog":
      return run("iverilog", ["-g2005", ...iverilog(top, files)]);
    case "iverilog as SystemVerilog":
      return run("iverilog", ["-g2012", ...iverilog(top, files)]);
    case "yosys":
      // -e turns every warning into an error: -q would hide them.
      return run("yosys", ["-q", "-e", ".*", "-p", yosysScript(top, files)]);
    case "identifiers":
      return (await Promise.all(files.map(identifiersOf))).flat().join("\n");
  }
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const result = await execa(command, args, { all: true, reject: false });
  const said = result.all.trim();
  if (result.exitCode === 0) return said;
  return said === "" ? `${command} failed: ${result.message ?? `status ${result.exitCode}`}` : said;
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
