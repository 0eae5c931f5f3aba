/** Streams operands through the Verilog of kernels and compares every result with the functions. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Format, KernelPort } from "../../codegen/hls/format.ts";
import { verilateModule } from "../bench/index.ts";
import { kernelStream } from "./stream.ts";
import { benchTop, benchVerilog, prefixOf } from "./top.ts";

/** A kernel's module, and the function that it must equal. */
export interface KernelModule {
  /** Of the function. */
  readonly name: string;
  /** Of the module, which `file` holds. */
  readonly top: string;
  readonly file: string;
  /** In cycles. */
  readonly latency: number;
  readonly parameters: readonly Format[];
  /** Ports by their names in the module, without `_i` and `_o`. */
  readonly inputs: readonly KernelPort[];
  readonly outputs: readonly KernelPort[];
  readonly run: (...values: readonly unknown[]) => unknown;
}

export interface CheckResult {
  readonly vectors: number;
  /** Clock cycles while operands came and results left without a pause, and how many results that were. */
  readonly steady: { readonly cycles: number; readonly results: number };
  /** The first difference, as text; null when there is none. */
  readonly difference: string | null;
}

export interface OperandCounts {
  readonly random: number;
  /** Combinations of corner values that are tried at most. */
  readonly corners: number;
  /** Of the random operands and of the pauses between them. */
  readonly seed: number;
}

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
  const folder = await mkdtemp(join(tmpdir(), "firebrick-kernels-"));
  try {
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
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
