import type { Kernel } from "../../codegen/hls/kernel.ts";
import type { KernelPort } from "../../codegen/hls/format.ts";
import type { KernelNames } from "../../codegen/hls/view.ts";
import type { KernelModule } from "./kernel-module.ts";
import { item } from "../../src/ir/known.ts";

/** What the check needs to know of a kernel whose Verilog, of this latency in cycles, is in `file`. */
export function kernelModule(
  kernel: Kernel,
  names: KernelNames,
  latency: number,
  file: string,
): KernelModule {
  const named = (ports: readonly KernelPort[], own: readonly string[]): KernelPort[] =>
    ports.map(({ format }, i) => ({ name: item(own, i), format }));
  return {
    name: kernel.name,
    top: names.top,
    file,
    latency,
    run: kernel.run,
    parameters: kernel.parameters.map(({ format }) => format),
    inputs: named(kernel.inputs, names.inputs),
    outputs: named(kernel.outputs, names.outputs),
  };
}
