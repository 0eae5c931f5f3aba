import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, it } from "vitest";
import type { KernelReport } from "../../codegen/hls/report.ts";
import { packagePath, packageRoot } from "../../src/platform/package.ts";
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

/** What became of the benches in the folder, by file. */
async function vitest(folder: string): Promise<Record<string, string>> {
  const command = packagePath("node_modules", "vitest", "vitest.mjs");
  const args = [command, "run", "--root", folder, "--reporter", "json"];
  const { stdout, stderr } = await execa(process.execPath, args, { cwd: folder, reject: false });
  const start = stdout.indexOf("{");
  expect(start, stderr).toBeGreaterThanOrEqual(0);
  const { testResults } = JSON.parse(stdout.slice(start)) as {
    testResults: { name: string; assertionResults: { status: string }[] }[];
  };
  return Object.fromEntries(
    testResults.map(({ assertionResults, name }) => [
      relative(realpathSync(folder), name),
      assertionResults.map(({ status }) => status).join(),
    ]),
  );
}

it("writes a bench for each kernel, which passes, and fails on Verilog with a wrong operator", () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, "my kernels.ts");
    writeFileSync(file, source);
    const [right, wrong] = [join(folder, "right"), join(folder, "wrong")];
    for (const out of [right, wrong])
      expect(await firebrick("hls", file, "-o", out)).toMatchObject({ status: 0, stderr: "" });
    const verilog = join(wrong, "rtl", "mix.v");
    const text = readFileSync(verilog, "utf8");
    const broken = text.replace(" - ", " + ");
    expect(broken).not.toBe(text);
    writeFileSync(verilog, broken);
    expect(await vitest(folder)).toEqual({
      ...{ "right/mix.test.ts": "passed", "right/twice.test.ts": "passed" },
      ...{ "wrong/mix.test.ts": "failed", "wrong/twice.test.ts": "passed" },
    });

    // What vitest left behind does not make the folder a stranger's.
    expect(await firebrick("hls", file, "-o", wrong)).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(verilog, "utf8")).toBe(text);
  }));

/** Bits of the declaration of a wire, register or port; 0 when there is none. */
function declaredBits(verilog: string, name: string): number {
  const found = new RegExp(`(?:wire|reg) +(?:\\[(\\d+):0\\] )?${name}\\b`).exec(verilog);
  return found === null ? 0 : Number(found[1] ?? 0) + 1;
}

it("reports delay and width of every value by stage, as text and as JSON", () =>
  inTemporaryFolder(async (folder) => {
    const out = join(folder, "out");
    const file = packagePath("hw", "kernels", "integer-sqrt.ts");
    const { stdout } = await firebrick("hls", file, "-o", out, "--json");
    const printed = JSON.parse(stdout) as { kernels: KernelReport[] };
    const [report] = JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as KernelReport[];
    expect(printed.kernels).toEqual([{ ...report, check: null }]);

    const verilog = readFileSync(join(out, "rtl", "integerSqrt.v"), "utf8");
    const registers = [...verilog.matchAll(/^ {2}reg +(?:\[(\d+):0\] )?(\w+)_q(\d+);$/gm)];
    for (const [i, { depth, registerBits }] of report!.stages.entries()) {
      const values = report!.values.filter(({ stage }) => stage === i + 1);
      expect(Math.max(0, ...values.map(({ settles }) => settles))).toBe(depth);
      const behind = registers.filter(([, , , stage]) => Number(stage) === i + 1);
      expect(registerBits).toBe(behind.reduce((sum, [, high]) => sum + Number(high ?? 0) + 1, 0));
    }
    expect(report!.stages.length).toBe(report!.latency);
    for (const { name, bits, levels, settles } of report!.values) {
      expect(declaredBits(verilog, name), name).toBe(bits);
      expect(settles).toBeGreaterThanOrEqual(levels);
    }

    const text = (await firebrick("hls", file, "-o", out)).stdout;
    const { stages, values, latency } = report!;
    const row = (...cells: (string | number)[]): RegExp =>
      new RegExp(cells.map((cell) => `│ ${String(cell).replaceAll(".", "\\.")} +`).join(""));
    expect(text).toContain(`latency ${latency} cycles, a result every cycle`);
    for (const [i, { depth, registerBits }] of stages.entries()) {
      const count = values.filter(({ stage }) => stage === i + 1).length;
      expect(text).toMatch(row(i + 1, count, depth, registerBits));
    }
    for (const { stage, name, operation, bits, low, high, levels, settles } of values)
      expect(text).toMatch(row(stage, name, operation, bits, `${low}..${high}`, levels, settles));
  }));
