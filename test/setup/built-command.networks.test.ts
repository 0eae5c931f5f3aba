import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, it } from "vitest";
import { packagePath, packageRoot, packageVersion } from "../../src/platform/package.ts";
import { build } from "../../src/setup/build.mjs";
import { isBuildStale } from "../../src/setup/stale.mjs";
import { inTemporaryFolder } from "../cli/helper.ts";

const small = "mobilenet-v1-0.25-32";

beforeAll(async () => {
  if (isBuildStale(packageRoot())) await build(packageRoot());
});

it("runs from npm pack and an install in an empty folder", () =>
  inTemporaryFolder(async (folder) => {
    await execa("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: packageRoot() });
    const [tarball = ""] = readdirSync(folder);
    const install = [
      "install",
      "--omit=dev",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      // not into a package that lies around the temporary folder
      "--prefix",
      folder,
      join(folder, tarball),
    ];
    await execa("npm", install, { cwd: folder, env: { ONNXRUNTIME_NODE_INSTALL: "skip" } });

    const installed = join(folder, "node_modules", "firebrick");
    const shipped = [
      "dist/src/cli.js",
      "templates",
      "hw/rtl",
      "sim/harness/main.cpp",
      "LICENSE",
      "README.md",
    ];
    for (const path of shipped) expect(existsSync(join(installed, path)), path).toBe(true);
    // tests, and what training, calibration, figures and the setup of a checkout need
    const kept = ["test", "dist/test", "dist/sim/figures", "dist/sim/synth/calibration", "dist/src/setup"];
    for (const path of [...kept, "dist/src/zoo/pictures/training", "dist/codegen/format/write.js"])
      expect(existsSync(join(installed, path)), path).toBe(false);

    const firebrick = join(folder, "node_modules", ".bin", "firebrick");
    const run = async (...args: readonly string[]) => (await execa(firebrick, args, { cwd: folder })).stdout;
    expect(await run("--version")).toBe(packageVersion());
    expect(JSON.parse(await run("models", "--json"))).toHaveProperty("models");
    expect(JSON.parse(await run("inspect", "pictures", "--json"))).toMatchObject({ problems: [] });
    await run("compile", "pictures", "-o", "out");
    expect(existsSync(join(folder, "out", "manifest.json"))).toBe(true);

    // The example of docs/api.md: what it computes, it computes here.
    const page = readFileSync(join(installed, "docs", "api.md"), "utf8");
    writeFileSync(join(folder, "example.mjs"), /```js\n([^]*?)```/.exec(page)![1]!);
    const star = join(installed, "src", "zoo", "pictures", "examples", "star.png");
    const example = await execa(process.execPath, ["example.mjs", star], { cwd: folder });
    const lines = example.stdout.split("\n");
    expect(lines[0]).toBe("golden model: star");
    expect(lines[1]).toMatch(/^\d{3,} lines of top\.v, \d{5} bytes of program and weights$/);
    const [, predicted] = /^predicted: (\d+) cycles, \d+ images a second; \S/.exec(lines[2]!)!;
    const [, simulated] = /^simulated: (\d+) cycles, equal, star$/.exec(lines[3]!)!;
    expect(Math.abs(Number(predicted) / Number(simulated) - 1)).toBeLessThan(0.01);
    expect(lines[4]).toMatch(/^fastest on a PYNQ-Z2: \d+x\d+, \d+ cycles$/);
    expect(example.stderr).toBe("");

    await run("hls", join(installed, "hw", "kernels", "relu6.ts"), "-o", "kernels");
    // The bench finds the installed package.
    expect(existsSync(join(folder, "kernels", "node_modules"))).toBe(false);
    const use = 'import { checkKernel } from "firebrick/bench"; console.log(typeof checkKernel);';
    writeFileSync(join(folder, "kernels", "use.mjs"), use);
    const { stdout } = await execa(process.execPath, ["use.mjs"], { cwd: join(folder, "kernels") });
    expect(stdout).toBe("function");
  }));

it("ends on Ctrl-C with status 130 and leaves no partial output", () =>
  inTemporaryFolder(async (folder) => {
    const inputs = Array.from({ length: 400 }, (_, i) => join(folder, `${i}.bin`));
    for (const file of inputs) writeFileSync(file, new Uint8Array(32 * 32 * 3));
    const out = join(folder, "logits");
    const cli = packagePath("dist", "src", "cli.js");
    const child = spawn(process.execPath, [cli, "golden", small, "--dump-logits", out, "--input", ...inputs]);
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += String(chunk);
      // The first progress line: the work has begun.
      if (!child.killed && stderr.includes("golden: ")) child.kill("SIGINT");
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toMatch(/firebrick: interrupted\n$/);
    expect(status).toBe(130);
    expect(existsSync(out)).toBe(false);
  }));

it("prints only the JSON object on stdout and errors on stderr", async () => {
  const cli = packagePath("dist", "src", "cli.js");
  const result = await execa(process.execPath, [cli, "inspect", "none.tflite", "--json"], { reject: false });
  expect(result).toMatchObject({ exitCode: 2, stdout: "" });
  expect(result.stderr).toMatch(/^firebrick: missing-file: none\.tflite: /);
});

it.runIf(existsSync("/dev/full"))("says that the standard output is full, with status 74", async () => {
  const cli = packagePath("dist", "src", "cli.js");
  const line = 'exec "$0" "$1" models > /dev/full';
  const result = await execa("sh", ["-c", line, process.execPath, cli], { reject: false });
  expect(result.exitCode).toBe(74);
  expect(result.stderr).toMatch(/^firebrick: cannot use the standard output: ENOSPC: .*; fix: .*$/);
});
