/** What the benches that `firebrick hls` writes are made with: the package's export `firebrick/bench`. */
import { fileURLToPath } from "node:url";
import { readKernels } from "../../codegen/hls/kernel.ts";
import { assert } from "../../src/ir/errors.ts";
import { checkKernels } from "./check.ts";
import type { CheckResult, OperandCounts } from "./kernel-module.ts";
import { kernelModule } from "./module.ts";

/** A module that was made of a function, and where both are. */
export interface WrittenKernel {
  /** The TypeScript file that exports the function. */
  readonly source: URL;
  /** Of the function. */
  readonly name: string;
  readonly verilog: URL;
  /** Of the module. */
  readonly top: string;
  /** In cycles. */
  readonly latency: number;
  /** Ports in the order of the parameters and of the result's parts, without `_i` and `_o`. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly operands: OperandCounts;
}

/**
 * Verilates the module, streams operands through it and compares every result with the function. Throws HlsError for a
 * function that is no kernel any more, MissingToolError without Verilator or a C++ compiler.
 */
export async function checkKernel(written: WrittenKernel): Promise<CheckResult> {
  const { source, name, verilog, latency, operands, ...names } = written;
  const kernel = readKernels(fileURLToPath(source)).find((other) => other.name === name);
  const isSame =
    kernel?.inputs.length === names.inputs.length && kernel.outputs.length === names.outputs.length;
  if (!isSame) throw new Error(`the ports of ${name} have changed: run firebrick hls again`);
  const module = kernelModule(kernel, names, latency, fileURLToPath(verilog));
  const [result] = await checkKernels([module], operands);
  assert(result !== undefined, "one result for one kernel");
  return result;
}

export type { CheckResult, OperandCounts };
