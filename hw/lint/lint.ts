/** The three checks that all Verilog of this project passes, hand-written and generated alike. */
import { execa } from "execa";

export const lintTools = ["verilator", "iverilog", "yosys"] as const;

export type LintTool = (typeof lintTools)[number];

/**
 * Checks the module `top` with its default parameters; `files` hold it and everything that it instantiates.
 * Returns what the tool complains of; "" when it is clean. A missing tool is a complaint.
 */
export async function lint(tool: LintTool, top: string, files: readonly string[]): Promise<string> {
  const result = await execa(tool, argumentsOf(tool, top, files), { all: true, reject: false });
  const said = result.all.trim();
  if (result.exitCode === 0) return said;
  return said === "" ? `${tool} failed: ${result.message ?? `status ${result.exitCode}`}` : said;
}

function argumentsOf(tool: LintTool, top: string, files: readonly string[]): string[] {
  switch (tool) {
    case "verilator":
      return ["--lint-only", "-Wall", "--language", "1364-2005", "--top-module", top, ...files];
    case "iverilog":
      return ["-g2005", "-Wall", "-t", "null", "-s", top, ...files];
    case "yosys":
      // -e turns every warning into an error: -q would hide them.
      return ["-q", "-e", ".*", "-p", yosysScript(top, files)];
  }
}

function yosysScript(top: string, files: readonly string[]): string {
  return `read_verilog -defer ${files.join(" ")}; hierarchy -check -top ${top}; proc; check -assert`;
}
