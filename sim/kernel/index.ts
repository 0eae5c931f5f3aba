/** Verilog of kernels against the functions that they were made of. */
export { checkKernels, usualCorners, type CheckResult, type KernelModule } from "./check.ts";
export { kernelModule } from "./module.ts";
export { benchTop, benchVerilog } from "./top.ts";
