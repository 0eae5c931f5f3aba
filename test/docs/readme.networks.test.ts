/** The first screen of README.md: its commands run on files that a clone has. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick, inTemporaryFolder } from "../cli/helper.ts";

/** Characters of a line of code beside GitHub's side bar. */
const GITHUB_WIDTH = 96;

it("every command under 'Your network' works as it stands", () =>
  inTemporaryFolder(async (folder) => {
    const page = readFileSync(packagePath("README.md"), "utf8");
    const section = /## Your network\n([\s\S]*?)\n## /.exec(page)![1]!;
    const lines = [...section.matchAll(/^npx firebrick (.+?) +#/gm)].map(([, line]) => line!.split(/ +/));
    expect(lines.map(([command]) => command)).toEqual([
      ...[
        "inspect",
        "compile",
        "simulate",
        "golden",
        "report",
        "explore",
        "compile",
        "hls",
        "models",
        "doctor",
      ],
    ]);
    const made = ["out", "report.html", "board", "kernel"];
    for (const words of lines) {
      const args = words.map((word) => (made.includes(word) ? join(folder, word) : word));
      const { status, stderr } = await firebrick(...args);
      expect(status, `${words.join(" ")}: ${stderr}`).toBe(0);
    }
    for (const file of ["out/sim/testbench.v", "report.html", "board/pynq/firebrick.py", "kernel"])
      expect(existsSync(join(folder, file)), file).toBe(true);
  }));

it("says in its first lines what it is, and no line of its commands is cut at GitHub's width", () => {
  const lines = readFileSync(packagePath("README.md"), "utf8").split("\n");
  expect(lines[0]).toBe("# Firebrick");
  expect(lines.slice(1, 6).join(" ")).toMatch(/quantised convolutional network .* into Verilog for an FPGA/);
  let isCode = false;
  const code = lines.filter((line) => {
    const isFence = line.startsWith("```");
    if (isFence) isCode = !isCode;
    return isCode && !isFence;
  });
  expect(code.length).toBeGreaterThan(15);
  expect(code.filter((line) => line.length > GITHUB_WIDTH)).toEqual([]);
});
