/** Verilog of kernels against the functions that they were made of. */
export { checkKernels, usualCorners } from "./check.ts";
export type { CheckResult, KernelModule } from "./kernel-module.ts";
export { kernelModule } from "./module.ts";
export { benchTop, benchVerilog } from "./top.ts";
