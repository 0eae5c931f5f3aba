/** Streams operands through the Verilog of kernels and compares every result with the functions. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckResult, KernelModule, OperandCounts } from "./kernel-module.ts";
import { verilateModule } from "../bench/index.ts";
import { inTemporaryFolder } from "../tools/temporary-folder.ts";
import { kernelStream } from "./stream.ts";
import { benchTop, benchVerilog, prefixOf } from "./top.ts";

/** All corner values of up to three wide operands. */
export const usualCorners = 4096;

/**
 * Random operands and combinations of corner values for each kernel, all kernels in one simulation. Modules
 * have different names. Throws MissingToolError without Verilator or a C++ compiler.
 */
export async function checkKernels(
  kernels: readonly KernelModule[],
  counts: OperandCounts,
  signal?: AbortSignal,
): Promise<readonly CheckResult[]> {
  return inTemporaryFolder(async (folder) => {
    const top = benchTop(kernels);
    const wrapper = join(folder, `${top}.v`);
    await writeFile(wrapper, benchVerilog(kernels));
    const files = [wrapper, ...kernels.map(({ file }) => file)];
    const dut = await verilateModule({
      top,
      files,
      libraries: [],
      isShort: counts.random < 1000,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      const streams = kernels.map((kernel, i) => kernelStream(dut, kernel, prefixOf(i), counts));
      dut.reset();
      for (let open = [...streams]; open.length > 0; open = open.filter(({ isFinished }) => !isFinished)) {
        for (const stream of open) stream.drive();
        dut.eval();
        for (const stream of open) stream.observe();
        dut.step();
      }
      return streams.map((stream) => stream.result());
    } finally {
      dut.close();
    }
  });
}
