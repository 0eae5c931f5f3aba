import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { packageRoot, packageVersion } from "../../src/ir/package-root.ts";
import { build } from "../../src/setup/build.mjs";
import { isBuildStale } from "../../src/setup/stale.mjs";
import { inTemporaryFolder } from "../cli/helper.ts";

it("runs from npm pack and an install in an empty folder", () =>
  inTemporaryFolder(async (folder) => {
    const cwd = packageRoot();
    if (isBuildStale(cwd)) await build(cwd);
    await execa("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd });
    const [tarball = ""] = readdirSync(folder);
    const install = ["install", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", join(folder, tarball)];
    await execa("npm", install, { cwd: folder, env: { ONNXRUNTIME_NODE_INSTALL: "skip" } });

    const installed = join(folder, "node_modules", "firebrick");
    for (const path of ["dist/src/cli.js", "templates", "hw/rtl", "LICENSE", "README.md"]) {
      expect(existsSync(join(installed, path)), path).toBe(true);
    }
    expect(existsSync(join(installed, "test"))).toBe(false);
    expect(existsSync(join(folder, "node_modules", "typescript"))).toBe(false);

    const firebrick = join(folder, "node_modules", ".bin", "firebrick");
    const run = async (...args: readonly string[]) => (await execa(firebrick, args, { cwd: folder })).stdout;
    expect(await run("--version")).toBe(packageVersion());
    expect(JSON.parse(await run("doctor", "--json"))).toHaveProperty("tools");
  }));
