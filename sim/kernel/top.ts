import { bitsOf, type KernelPort } from "../../codegen/hls/format.ts";
import { verilogNames } from "../../codegen/names.ts";
import { render } from "../../codegen/render.ts";
import { verilog, verilogIdentifier } from "../../codegen/text/languages.ts";
import type { KernelModule } from "./kernel-module.ts";
import { lastItem } from "../../src/ir/known.ts";

/** The name of the module around these kernels, which is none of theirs. */
export function benchTop(kernels: readonly KernelModule[]): string {
  return lastItem(verilogNames([...kernels.map(({ top }) => top), "kernel_bench"]));
}

/** What stands before the names of a kernel's ports. */
export function prefixOf(index: number): string {
  return `k${index}_`;
}

/** A module with these kernels in it, each with its own ports. */
export function benchVerilog(kernels: readonly KernelModule[]): string {
  const ports = (list: readonly KernelPort[]) =>
    list.map(({ name, format }) => ({
      name: verilogIdentifier(name),
      vector: verilog`[${bitsOf(format) - 1}:0] `,
    }));
  return render("kernel-bench.v", "verilog", {
    top: benchTop(kernels),
    kernels: kernels.map(({ top, inputs, outputs }, index) => ({
      module: verilogIdentifier(top),
      prefix: verilogIdentifier(prefixOf(index)),
      inputs: ports(inputs),
      outputs: ports(outputs),
    })),
  });
}
