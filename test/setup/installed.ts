/** The package as a user has it: packed, and installed in a folder of its own. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { packageRoot, packageVersion } from "../../src/platform/package.ts";

/** Packs what was built into the empty folder; the path of the tarball. */
export async function pack(folder: string): Promise<string> {
  const destination = ["--pack-destination", folder];
  await execa("npm", ["pack", "--silent", "--ignore-scripts", ...destination], { cwd: packageRoot() });
  const [tarball = ""] = readdirSync(folder);
  return join(folder, tarball);
}

/** That the package in `node_modules` of the folder is what ships, and that its commands and its API run there. */
export async function expectInstalled(folder: string): Promise<void> {
  const installed = join(folder, "node_modules", "firebrick");
  const shipped = ["dist/src/cli.js", "templates", "hw/rtl", "sim/harness/main.cpp", "LICENSE", "README.md"];
  for (const path of shipped) expect(existsSync(join(installed, path)), path).toBe(true);
  // tests, and what training, calibration, figures and the setup of a checkout need
  const kept = [
    "test",
    "dist/test",
    "dist/sim/figures",
    "dist/sim/synth/calibration",
    "dist/src/setup/test.mjs",
  ];
  for (const path of [...kept, "dist/src/zoo/pictures/training", "dist/codegen/format/write.js"])
    expect(existsSync(join(installed, path)), path).toBe(false);
  expect(brokenImports(join(installed, "dist"))).toEqual([]);
  await Promise.all([commands(folder), example(folder, installed), kernel(folder, installed)]);
}

/** What stands under "Your network" in the package's README.md, without `npx firebrick`. */
function readmeCommands(folder: string): readonly string[] {
  const page = readFileSync(join(folder, "node_modules", "firebrick", "README.md"), "utf8");
  const section = /## Your network\n([^]*?)\n## /.exec(page)![1]!;
  return [...section.matchAll(/^npx firebrick (.+?) +#/gm)].map(([, line]) => line!);
}

/** Files of the folder that import one that is not there. */
function brokenImports(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return paths
    .filter((path) => /\.m?js$/.test(path))
    .flatMap((path) => {
      const text = readFileSync(join(folder, path), "utf8");
      const imports = [...text.matchAll(/(?:^(?:import|export|\})[^"\n]*|\bimport\()"(\.[^"]+)"/gm)];
      return imports
        .filter(([, wanted]) => !existsSync(join(folder, dirname(path), wanted!)))
        .map(([, wanted]) => `${path}: ${wanted}`);
    });
}

async function firebrick(folder: string, ...args: readonly string[]): Promise<string> {
  const command = join(folder, "node_modules", ".bin", "firebrick");
  return (await execa(command, args, { cwd: folder })).stdout;
}

async function commands(folder: string): Promise<void> {
  expect(await firebrick(folder, "--version")).toBe(packageVersion());
  expect(JSON.parse(await firebrick(folder, "models", "--json"))).toHaveProperty("models");
  expect(JSON.parse(await firebrick(folder, "inspect", "pictures", "--json"))).toMatchObject({
    problems: [],
  });
  for (const line of readmeCommands(folder)) {
    const words = line.split(/ +/);
    expect(await firebrick(folder, ...words), line).not.toBe("");
  }
  for (const made of ["out/manifest.json", "board/pynq/firebrick.py", "report.html", "kernel"])
    expect(existsSync(join(folder, made)), made).toBe(true);
  const { tools } = JSON.parse(await firebrick(folder, "doctor", "--json")) as { tools: { name: string }[] };
  expect(tools.map(({ name }) => name)).toContain("verilator");
}

/** The example of docs/api.md: what it computes, it computes here. */
async function example(folder: string, installed: string): Promise<void> {
  const page = readFileSync(join(installed, "docs", "api.md"), "utf8");
  writeFileSync(join(folder, "example.mjs"), /```js\n([^]*?)```/.exec(page)![1]!);
  const star = join(installed, "src", "zoo", "pictures", "examples", "star.png");
  const { stderr, stdout } = await execa(process.execPath, ["example.mjs", star], { cwd: folder });
  const lines = stdout.split("\n");
  expect(lines[0]).toBe("golden model: star");
  expect(lines[1]).toMatch(/^\d{3,} lines of top\.v, \d{5} bytes of program and weights$/);
  const [, predicted] = /^predicted: (\d+) cycles, \d+ images a second; \S/.exec(lines[2]!)!;
  const [, simulated] = /^simulated: (\d+) cycles, equal, star$/.exec(lines[3]!)!;
  expect(Math.abs(Number(predicted) / Number(simulated) - 1)).toBeLessThan(0.01);
  expect(lines[4]).toMatch(/^fastest on a PYNQ-Z2: \d+x\d+, \d+ cycles$/);
  expect(stderr).toBe("");
}

async function kernel(folder: string, installed: string): Promise<void> {
  await firebrick(folder, "hls", join(installed, "hw", "kernels", "relu6.ts"), "-o", "kernels");
  // The bench finds the installed package.
  expect(existsSync(join(folder, "kernels", "node_modules"))).toBe(false);
  const use = 'import { checkKernel } from "firebrick/bench"; console.log(typeof checkKernel);';
  writeFileSync(join(folder, "kernels", "use.mjs"), use);
  const { stdout } = await execa(process.execPath, ["use.mjs"], { cwd: join(folder, "kernels") });
  expect(stdout).toBe("function");
}
