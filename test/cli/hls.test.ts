import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, it } from "vitest";
import { packagePath, packageRoot } from "../../src/ir/package-root.ts";
import { build } from "../../src/setup/build.mjs";
import { isBuildStale } from "../../src/setup/stale.mjs";
import { firebrick, inTemporaryFolder } from "./helper.ts";

// The benches that the command writes import the package as it is installed.
beforeAll(async () => {
  if (isBuildStale(packageRoot())) await build(packageRoot());
});

const source = `import { wrapInt, type Int, type UInt } from "firebrick/hls";
export function mix([a, flag]: [Int<8>, boolean], b: UInt<4>): [Int<12>, boolean] {
  return [wrapInt(12, flag ? a + b : a - b), a < b];
}
export function twice(x: Int<8>): Int<9> {
  return wrapInt(9, x + x);
}
`;

async function vitest(folder: string) {
  const command = packagePath("node_modules", "vitest", "vitest.mjs");
  const args = [command, "run", "--root", folder, "--reporter", "json"];
  const { stdout, stderr } = await execa(process.execPath, args, { cwd: folder, reject: false });
  const start = stdout.indexOf("{");
  expect(start, stderr).toBeGreaterThanOrEqual(0);
  return JSON.parse(stdout.slice(start)) as { numPassedTests: number; numFailedTests: number };
}

it("writes a bench for each kernel, which passes, and fails on Verilog with a wrong operator", () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, "my kernels.ts");
    const out = join(folder, "out");
    writeFileSync(file, source);
    expect(await firebrick("hls", file, "-o", out)).toMatchObject({ status: 0, stderr: "" });
    expect(await vitest(out)).toMatchObject({ numPassedTests: 2, numFailedTests: 0 });

    const verilog = join(out, "rtl", "mix.v");
    const text = readFileSync(verilog, "utf8");
    const broken = text.replace(" - ", " + ");
    expect(broken).not.toBe(text);
    writeFileSync(verilog, broken);
    expect(await vitest(out)).toMatchObject({ numPassedTests: 1, numFailedTests: 1 });

    // What vitest left behind does not make the folder a stranger's.
    expect(await firebrick("hls", file, "-o", out)).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(verilog, "utf8")).toBe(text);
  }));
