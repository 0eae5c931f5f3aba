/** Names of a user's that a module, its bench or another language has a meaning for. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compileKernels } from "../../../codegen/hls/compile.ts";
import { activationModules } from "../../../codegen/kernels.ts";
import { lint } from "../../../hw/lint/lint.ts";
import { benchTop, benchVerilog, checkKernels, kernelModule } from "../../../sim/kernel/index.ts";
import { activationKernel } from "../../../src/activations/kernel.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

const kernels = `import { int, type Int } from "firebrick/hls";
export function process(mailbox: Int<8>, semaphore: Int<8>): Int<9> { return int(9, mailbox - semaphore); }
export function mailbox(process: Int<8>, std: Int<8>): Int<9> { const before = process - std; return int(9, before); }
export function kernel_bench(k0_in_valid: Int<8>, clk: Int<8>): Int<9> { return int(9, k0_in_valid - clk); }
export function Kernel_Bench_2(Signal: Int<8>, signal: Int<8>): Int<9> { return int(9, Signal - signal); }
export function Vbench(a_b: Int<8>, a$b: Int<8>): Int<9> { return int(9, a_b - a$b); }
export function a_b(x: Int<8>, x_i: Int<8>, x_o: Int<8>): Int<10> { const x_full = x - x_i; return int(10, x_full - x_o); }
/** @latency 3 */
export function a$b(result: Int<8>, clk_i: Int<8>, in_valid_i: Int<8>): Int<10> {
  const result_q1 = result - clk_i;
  const result_q1_q2 = result_q1 - in_valid_i;
  return int(10, result_q1_q2);
}
`;

it("keeps a kernel's names apart from the words of all languages and from what stands around it", () =>
  inTemporaryFolder(async (folder) => {
    const source = join(folder, "kernels.ts");
    writeFileSync(source, kernels);
    const modules = compileKernels(source, { maxDepth: 8 }).map(({ kernel, names, report, verilog }) => {
      const file = join(folder, `${names.top}.v`);
      writeFileSync(file, verilog);
      return kernelModule(kernel, names, report.latency, file);
    });
    const tops = modules.map(({ top }) => top);
    expect(tops).toEqual([
      ...["n_process", "n_mailbox", "kernel_bench", "Kernel_Bench_2", "Vbench", "a_b", "a_b_2"],
    ]);
    const top = benchTop(modules);
    expect(top).toBe("kernel_bench_3");
    const bench = join(folder, `${top}.v`);
    writeFileSync(bench, benchVerilog(modules));
    const files = [bench, ...modules.map(({ file }) => file)];
    for (const tool of ["verilator as SystemVerilog", "iverilog as SystemVerilog", "identifiers"] as const)
      expect(await lint(tool, top, files), tool).toBe("");
    const results = await checkKernels(modules, { random: 300, corners: 300, seed: 1 });
    expect(results.map(({ difference }) => difference)).toEqual(modules.map(() => null));
  }));

it.each(["select", "kernels"])(
  "gives the activation %s a module that no other of the accelerator is named as",
  (name) =>
    inTemporaryFolder((folder) => {
      const file = join(folder, "own.ts");
      const tags = "/**\n * @places x 4\n * @places result 4\n */\n";
      const text = `import { type Int } from "firebrick/hls";\n${tags}export function ${name}(x: Int<8>): Int<8> { return x; }\n`;
      writeFileSync(file, text);
      const [made] = activationModules([activationKernel(`${file}#${name}`)]);
      expect(made!.module).toBe(`activation_${name}_2`);
      expect(made!.verilog).toContain(`module activation_${name}_2 (`);
    }),
);
