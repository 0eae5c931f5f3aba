import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { buildIfStale } from "../../src/setup/prepare.mjs";
import { inTemporaryFolder } from "../cli/helper.ts";
import { expectInstalled, pack } from "./installed.ts";

const small = "mobilenet-v1-0.25-32";

beforeAll(buildIfStale);

/** Unpacks the tarball as npm does, beside links to the packages that it asks for and to no others. */
async function install(folder: string, tarball: string): Promise<void> {
  const installed = join(folder, "node_modules", "firebrick");
  mkdirSync(installed, { recursive: true });
  await execa("tar", ["xzf", tarball, "--strip-components=1", "-C", installed]);
  const { bin, dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
    readonly bin: { readonly firebrick: string };
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const link = (from: string, to: string): void => {
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(from, to);
  };
  for (const name of Object.keys(dependencies))
    link(packagePath("node_modules", name), join(folder, "node_modules", name));
  const command = join(installed, bin.firebrick);
  chmodSync(command, 0o755);
  link(command, join(folder, "node_modules", ".bin", "firebrick"));
}

// By npm itself: built-command.campaign.test.ts.
it("runs from npm pack, with no packages but those that it asks for", () =>
  inTemporaryFolder(async (folder) => {
    await install(folder, await pack(folder));
    await expectInstalled(folder);
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
