/** Compiled kernels against their functions, each a result a cycle, and through every lint tool. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
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

export const examples = packagePath("test", "codegen", "hls", "kernels");
export const shipped = packagePath("hw", "kernels");

function compileFolder(folder: string): readonly CompiledKernel[] {
  const files = readdirSync(folder).map((file) => join(folder, file));
  return files.flatMap((file) => compileKernels(file, { maxDepth: 8 }));
}

export function written(kernels: readonly CompiledKernel[], folder: string): KernelModule[] {
  return kernels.map((compiled) => {
    const file = join(folder, `${compiled.names.top}.v`);
    writeFileSync(file, compiled.verilog);
    return kernelModule(compiled.kernel, compiled.names, compiled.report.latency, file);
  });
}

/** All kernels of a folder, `least` or more, on `count` random operands each and on the corners. */
export function expectKernelsEqual(source: string, least: number, count: number): Promise<void> {
  return inTemporaryFolder(async (folder) => {
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
  });
}
