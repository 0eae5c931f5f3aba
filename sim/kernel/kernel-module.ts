/** Kernels as Verilog, and what their comparison with the functions says. */
import type { Format, KernelPort } from "../../codegen/hls/format.ts";

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
