/** Commands of docs/*.md: each line that begins with `npx firebrick` or `make` is run by a test, or stands here with what keeps it from that. */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick, inTemporaryFolder } from "../cli/helper.ts";

/** Pages whose commands have a test of their own. */
const elsewhere = new Map([
  ["activations.md", "activations.networks.test.ts"],
  ["commands.md", "commands.networks.test.ts: examples of --help"],
  ["figures.md", "npm run bench writes it"],
  ["resources.md", "npm run calibrate writes it"],
  ["seed-tables.md", "npm run tables writes it"],
  ["sparsity.md", "npm run sparsity writes it"],
  ["sweeps.md", "npm run sweeps writes it"],
  ["tutorial.md", "tutorial.networks.test.ts"],
]);

/** Beginnings of lines that need more than a test may use, and what runs the same. */
const notHere = [
  // Slurm: test/cli has a stand-in for it.
  "npx firebrick simulate net.tflite --input pictures/*.jpg --executor slurm",
  // Yosys and nextpnr for minutes: test/cli/small-report.campaign.test.ts, test/codegen/small/project.campaign.test.ts.
  "npx firebrick report   vww.tflite --board icebreaker --synth",
  "make -C out                                # Yosys",
  // Verilator builds it for a minute: test/codegen/bench/testbench.networks.test.ts.
  "make -C out sim",
  // A board.
  "make -C out prog",
  // The trained SqueezeNet: test/3-quantise/ptq/squeezenet.campaign.test.ts, test/networks/real.
  "npx firebrick inspect  compressed_SqueezeNet.net",
  "npx firebrick quantize compressed_SqueezeNet.net",
  "npx firebrick simulate squeezenet.firebrick",
];

const linesOf = (page: string): string[] =>
  [...readFileSync(packagePath("docs", page), "utf8").matchAll(/^(?:npx firebrick|make) .+$/gm)].map(
    ([line]) => line,
  );

it("every command of the docs works, or says why no test runs it", () =>
  inTemporaryFolder(async (folder) => {
    const pictures = packagePath("src", "zoo", "pictures");
    for (const name of ["net.tflite", "vww.tflite"])
      copyFileSync(join(pictures, "pictures.tflite"), join(folder, name));
    copyFileSync(join(pictures, "examples", "star.png"), join(folder, "picture.png"));
    for (const name of ["a.bin", "b.bin", "picture.bin"])
      writeFileSync(join(folder, name), new Uint8Array(48 * 48 * 3));
    const files = ["net.tflite", "vww.tflite", "picture.png", "a.bin", "b.bin", "picture.bin", "out"];
    const pages = readdirSync(packagePath("docs")).filter((name) => name.endsWith(".md"));
    const lines = pages.filter((name) => !elsewhere.has(name)).flatMap(linesOf);
    const left = notHere.filter((start) => !lines.some((line) => line.startsWith(start)));
    expect(left, "no longer in the docs").toEqual([]);
    let ran = 0;
    for (const line of lines) {
      if (notHere.some((start) => line.startsWith(start))) continue;
      const [, , ...words] = line.replace(/ +#.*/, "").split(/ +/);
      const args = words.map((word) => (files.includes(word) ? join(folder, word) : word));
      expect(await firebrick(...args), line).toMatchObject({ status: 0 });
      ran++;
    }
    expect(ran).toBeGreaterThanOrEqual(4);
  }));
