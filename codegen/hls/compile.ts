/** A file of kernels to Verilog modules: read, schedule, render. */
import { assert } from "../../src/ir/errors.ts";
import { render } from "../render.ts";
import { demandedWidths } from "./demand.ts";
import { bitsOf, formatText } from "./format.ts";
import { readKernels, type Kernel } from "./kernel.ts";
import { retime } from "./retime.ts";
import { schedule, scheduleFor } from "./schedule.ts";
import { reachable, type Operation } from "./ssa.ts";
import { kernelView, type KernelNames } from "./view.ts";

export interface HlsOptions {
  /** Levels of logic that a stage may have. */
  readonly maxDepth: number;
  /**
   * `stream`: operands and results with valid and ready. `plain`: neither these nor a reset, a result `latency` cycles after
   * its operands, each of which comes with the stage that its `@stage` says. Default `stream`.
   */
  readonly ports?: "stream" | "plain";
  /** Pipeline stages of kernels that ask for none by `@latency`; without it as many as `maxDepth` makes. */
  readonly latency?: number;
  /** Name of the module; without it the function's. */
  readonly module?: string;
}

export interface KernelReport {
  readonly name: string;
  /** Text such as `(x: Int<8>) => Int<8>`. */
  readonly signature: string;
  readonly latency: number;
  readonly initiationInterval: 1;
  readonly stages: readonly { readonly depth: number }[];
  readonly operators: Readonly<Record<string, number>>;
  readonly values: readonly {
    readonly name: string;
    readonly operation: Operation;
    readonly bits: number;
    readonly low: string;
    readonly high: string;
    readonly stage: number;
  }[];
}

export interface CompiledKernel {
  readonly kernel: Kernel;
  readonly names: KernelNames;
  readonly verilog: string;
  readonly report: KernelReport;
}

/** Every kernel of a file. Throws HlsError and InputError. */
export function compileKernels(path: string, options: HlsOptions): readonly CompiledKernel[] {
  return readKernels(path).map((kernel) => compile(kernel, options));
}

/** One kernel of a file. Throws HlsError and InputError. */
export function compileKernel(path: string, name: string, options: HlsOptions): CompiledKernel {
  const kernel = readKernels(path).find((one) => one.name === name);
  assert(kernel, `${path} exports ${name}`);
  return compile(kernel, options);
}

function compile(
  kernel: Kernel,
  { latency: usual, maxDepth, module = kernel.name, ports = "stream" }: HlsOptions,
): CompiledKernel {
  const nodes = reachable(kernel.results);
  const arrivals = ports === "plain" ? kernel.arrivals : [];
  const latency = kernel.latency ?? usual;
  const earliest =
    latency === undefined ? schedule(nodes, maxDepth, arrivals) : scheduleFor(nodes, latency, arrivals);
  const bits = (i: number): number => bitsOf(kernel.outputs[i]!.format);
  const kept = demandedWidths(
    nodes,
    kernel.results.map((node, i) => ({ node, bits: bits(i) })),
  );
  const plan = retime(nodes, earliest, {
    ...{ maxDepth: earliest.maxDepth, results: kernel.results, widths: kept },
  });
  const parameters = kernel.parameters.map(({ name, format }) => `${name}: ${formatText(format)}`);
  const signature = `(${parameters.join(", ")}) => ${formatText(kernel.resultFormat)}`;
  const { names, widths, nodeNames, view } = kernelView(
    kernel,
    nodes,
    plan,
    `${kernel.name}${signature}`,
    ports,
    module,
  );
  const operators: Record<string, number> = {};
  const computed = nodes.filter(({ operation }) => operation !== "input" && operation !== "const");
  for (const { operation } of computed) operators[operation] = (operators[operation] ?? 0) + 1;
  const values = nodes
    .filter(({ operation }) => operation !== "const")
    .map((node) => ({
      name: nodeNames.get(node)!,
      operation: node.operation,
      bits: widths.get(node) ?? 1,
      low: String(node.range.low),
      high: String(node.range.high),
      stage: plan.stageOf.get(node) ?? 1,
    }));
  const report: KernelReport = {
    ...{ name: kernel.name, signature, latency: plan.stages, initiationInterval: 1 },
    ...{ stages: plan.depths.map((depth) => ({ depth })), operators, values },
  };
  return { kernel, names, verilog: render("kernel.v", view), report };
}
