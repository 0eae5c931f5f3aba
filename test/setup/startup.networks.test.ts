import { execa } from "execa";
import { beforeAll, expect, it } from "vitest";
import { packagePath, packageRoot } from "../../src/platform/package.ts";
import { build } from "../../src/setup/build.mjs";
import { isBuildStale } from "../../src/setup/stale.mjs";

/** Take seconds of processor time together: a command that does not use one does not wait for it. */
const heavy = ["echarts", "execa", "koffi", "protobufjs", "sharp", "ts-morph", "zod"];

beforeAll(async () => {
  if (isBuildStale(packageRoot())) await build(packageRoot());
});

/** Those that a command line loads, as the module loader says. */
async function loaded(...args: readonly string[]): Promise<string[]> {
  const cli = packagePath("dist", "src", "cli.js");
  const { stderr } = await execa(process.execPath, [cli, ...args], { env: { NODE_DEBUG: "module,esm" } });
  return heavy.filter((name) => stderr.includes(`/node_modules/${name}/`));
}

it.each(["--version", "--help", "inspect pictures", "golden --help", "models"])(
  "%s loads no large library",
  async (line) => {
    expect(await loaded(...line.split(" "))).toEqual([]);
  },
);

it("sees the libraries that a command does load", async () => {
  expect(await loaded("boards")).toContain("zod");
});
