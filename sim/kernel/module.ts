import type { CompiledKernel } from "../../codegen/hls/compile.ts";
import type { KernelPort } from "../../codegen/hls/format.ts";
import type { KernelModule } from "./check.ts";

/** What the check needs to know of a compiled kernel whose Verilog is in `file`. */
export function kernelModule({ kernel, names, report }: CompiledKernel, file: string): KernelModule {
  const named = (ports: readonly KernelPort[], own: readonly string[]): KernelPort[] =>
    ports.map(({ format }, i) => ({ name: own[i]!, format }));
  return {
    ...{ name: kernel.name, top: names.top, file, latency: report.latency, run: kernel.run },
    parameters: kernel.parameters.map(({ format }) => format),
    inputs: named(kernel.inputs, names.inputs),
    outputs: named(kernel.outputs, names.outputs),
  };
}
