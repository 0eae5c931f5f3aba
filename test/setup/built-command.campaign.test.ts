import { execa } from "execa";
import { beforeAll, it } from "vitest";
import { buildIfStale } from "../../src/setup/prepare.mjs";
import { inTemporaryFolder } from "../cli/helper.ts";
import { expectInstalled, pack } from "./installed.ts";

beforeAll(buildIfStale);

it("runs from npm pack and an install in an empty folder", () =>
  inTemporaryFolder(async (folder) => {
    const tarball = await pack(folder);
    const options = ["--omit=dev", "--prefer-offline", "--no-audit", "--no-fund"];
    // not into a package that lies around the temporary folder
    const install = ["install", ...options, "--prefix", folder, tarball];
    await execa("npm", install, { cwd: folder, env: { ONNXRUNTIME_NODE_INSTALL: "skip" } });
    await expectInstalled(folder);
  }));
