import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileKernels } from "../../../codegen/hls/compile.ts";
import { lint, lintTools } from "../../../hw/lint/lint.ts";
import { checkKernel } from "../../../src/cli/hls-check.ts";
import { packagePath } from "../../../src/ir/package-root.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

const shipped = readdirSync(packagePath("hw", "kernels")).map((name) => packagePath("hw", "kernels", name));
const examples = packagePath("test", "codegen", "hls", "examples");
const files = [...shipped, ...readdirSync(examples).map((name) => join(examples, name))];
const { signal } = new AbortController();

describe.each(files.map((file) => [file.split("/").at(-1)!, file] as const))("%s", (_name, file) => {
  it("is clean Verilog that equals its function, a result a cycle", () =>
    inTemporaryFolder(async (folder) => {
      for (const compiled of compileKernels(file, { maxDepth: 8 })) {
        const { top } = compiled.names;
        const path = join(folder, `${top}.v`);
        writeFileSync(path, compiled.verilog);
        for (const tool of lintTools) expect(await lint(tool, top, [path])).toBe("");
        const { difference, steady, vectors } = await checkKernel(compiled, path, 600, signal);
        expect(difference).toBeNull();
        expect(vectors).toBeGreaterThanOrEqual(600);
        expect(steady.results).toBe(steady.cycles);
        expect(steady.results).toBeGreaterThan(200);
      }
    }));
});

it("finds a wrong operator in the Verilog", () =>
  inTemporaryFolder(async (folder) => {
    const [compiled] = compileKernels(packagePath("hw", "kernels", "leaky-relu.ts"), { maxDepth: 8 });
    const path = join(folder, "leakyRelu.v");
    const broken = compiled!.verilog.replace("+ 12'h40", "+ 12'h41");
    expect(broken).not.toBe(compiled!.verilog);
    writeFileSync(path, broken);
    const { difference } = await checkKernel(compiled!, path, 600, signal);
    expect(difference).toMatch(/^leakyRelu\(x = -\d+\): expected -\d+, the Verilog gave -?\d+$/);
  }));

it("keeps a stage's depth to --max-depth, and the stages to @latency", () => {
  const file = packagePath("hw", "kernels", "average-divide.ts");
  const latencies = [4, 8, 16, 1000].map((maxDepth) => compileKernels(file, { maxDepth })[0]!.report.latency);
  expect(latencies).toEqual(latencies.toSorted((a, b) => b - a));
  expect(latencies.at(-1)).toBe(1);
  const [first] = compileKernels(join(examples, "latency.ts"), { maxDepth: 1 });
  expect(first!.report.latency).toBe(3);
});
