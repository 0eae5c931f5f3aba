import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileKernels, type CompiledKernel } from "../../../codegen/hls/compile.ts";
import { lint, lintTools } from "../../../hw/lint/lint.ts";
import {
  benchTop,
  benchVerilog,
  checkKernels,
  kernelModule,
  usualCorners,
  type KernelModule,
} from "../../../sim/kernel/index.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

const examples = packagePath("test", "codegen", "hls", "kernels");
const shipped = packagePath("hw", "kernels");

function compileFolder(folder: string): readonly CompiledKernel[] {
  const files = readdirSync(folder).map((file) => join(folder, file));
  return files.flatMap((file) => compileKernels(file, { maxDepth: 8 }));
}

function written(kernels: readonly CompiledKernel[], folder: string): KernelModule[] {
  return kernels.map((compiled) => {
    const file = join(folder, `${compiled.names.top}.v`);
    writeFileSync(file, compiled.verilog);
    return kernelModule(compiled.kernel, compiled.names, compiled.report.latency, file);
  });
}

describe.each([
  ["the examples", examples, 30, 100_000],
  ["the accelerator's kernels", shipped, 9, 5_000],
] as const)("%s", (_name, source, least, count) => {
  it("are clean Verilog and equal their functions, a result a cycle", () =>
    inTemporaryFolder(async (folder) => {
      const kernels = compileFolder(source);
      expect(kernels.length).toBeGreaterThanOrEqual(least);
      const modules = written(kernels, folder);
      const results = await checkKernels(modules, { random: count, corners: usualCorners, seed: 1 });
      expect(results.flatMap(({ difference }) => difference ?? [])).toEqual([]);
      for (const { steady, vectors } of results) {
        expect(vectors).toBeGreaterThanOrEqual(count);
        expect(steady.results).toBe(steady.cycles);
        expect(steady.results).toBeGreaterThan(count / 2);
      }
      const top = benchTop(modules);
      const all = join(folder, `${top}.v`);
      writeFileSync(all, benchVerilog(modules));
      const verilog = [all, ...modules.map(({ file }) => file)];
      for (const tool of lintTools) expect(await lint(tool, top, verilog)).toBe("");
    }));
});

it("finds a wrong operator in the Verilog", () =>
  inTemporaryFolder(async (folder) => {
    const [compiled] = compileKernels(join(shipped, "leaky-relu.ts"), { maxDepth: 8 });
    const broken = compiled!.verilog.replace("+ 12'h40", "+ 12'h41");
    expect(broken).not.toBe(compiled!.verilog);
    const [result] = await checkKernels(written([{ ...compiled!, verilog: broken }], folder), {
      random: 600,
      corners: usualCorners,
      seed: 1,
    });
    expect(result!.difference).toMatch(/^leakyRelu\(x = -\d+\): expected -\d+, the Verilog gave -?\d+$/);
  }));

it("keeps a stage's depth to --max-depth, and the stages to @latency", () => {
  const file = join(shipped, "average-divide.ts");
  const latencies = [4, 8, 16, 1000].map((maxDepth) => compileKernels(file, { maxDepth })[0]!.report.latency);
  expect(latencies).toEqual(latencies.toSorted((a, b) => b - a));
  expect(latencies.at(-1)).toBe(1);
  const [first] = compileKernels(join(examples, "latency.ts"), { maxDepth: 1 });
  expect(first!.report.latency).toBe(3);
});
