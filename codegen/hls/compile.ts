/** A file of kernels to Verilog modules: read, schedule, render. */
import { assert } from "../../src/ir/errors.ts";
import { withinStack } from "../../src/typescript/nesting.ts";
import { verilogNames } from "../names.ts";
import { render } from "../render.ts";
import { demandedWidths } from "./demand.ts";
import { diagnosticAt, HlsError, rules } from "./diagnostics.ts";
import { bitsOf } from "./format.ts";
import { readKernels, type Kernel } from "./kernel.ts";
import { kernelReport, type KernelReport } from "./report.ts";
import { retime } from "./retime.ts";
import { schedule, scheduleFor, type Schedule } from "./schedule.ts";
import { reachable, type SsaNode } from "./ssa.ts";
import { kernelView, type KernelNames } from "./view.ts";
import { item } from "../../src/ir/known.ts";

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

export interface CompiledKernel {
  readonly kernel: Kernel;
  readonly names: KernelNames;
  readonly verilog: string;
  readonly report: KernelReport;
}

/** Every kernel of a file, each as a module of its function's name. Throws HlsError and InputError. */
export function compileKernels(path: string, options: Omit<HlsOptions, "module">): readonly CompiledKernel[] {
  return withinStack(path, "a kernel", () => {
    const kernels = readKernels(path);
    const modules = verilogNames(kernels.map(({ name }) => name));
    return kernels.map((kernel, i) => compile(kernel, { ...options, module: item(modules, i) }));
  });
}

/** One kernel of a file. Throws HlsError and InputError. */
export function compileKernel(path: string, name: string, options: HlsOptions): CompiledKernel {
  return withinStack(path, "a kernel", () => {
    const kernel = readKernels(path).find((one) => one.name === name);
    assert(kernel, `${path} exports ${name}`);
    return compile(kernel, options);
  });
}

function compile(
  kernel: Kernel,
  { latency: usual, maxDepth, module = kernel.name, ports = "stream" }: HlsOptions,
): CompiledKernel {
  const nodes = reachable(kernel.results);
  const arrivals = ports === "plain" ? kernel.arrivals : [];
  const earliest = scheduled(kernel, kernel.latency ?? usual ?? null, nodes, maxDepth, arrivals);
  const bits = (i: number): number => bitsOf(item(kernel.outputs, i).format);
  const kept = demandedWidths(
    nodes,
    kernel.results.map((node, i) => ({ node, bits: bits(i) })),
  );
  const plan = retime(nodes, earliest, {
    maxDepth: earliest.maxDepth,
    results: kernel.results,
    widths: kept,
  });
  const { ports: names, view, ...rendered } = kernelView(kernel, nodes, plan, { ports, module });
  const report = kernelReport(kernel, nodes, plan, rendered);
  return { kernel, names, verilog: render("kernel.v", "verilog", view), report };
}

function scheduled(
  { declaration }: Kernel,
  latency: number | null,
  nodes: readonly SsaNode[],
  maxDepth: number,
  arrivals: readonly number[],
): Schedule {
  if (latency === null) return schedule(nodes, maxDepth, arrivals);
  const found = scheduleFor(nodes, latency, arrivals);
  if (found !== null) return found;
  const [, fix] = rules.HLS017;
  const least = schedule(nodes, Infinity, arrivals).stages;
  const message = `${latency} stages, where reads of block RAM take ${least}`;
  throw new HlsError([diagnosticAt(declaration, "HLS017", `${rules.HLS017[0]}: ${message}`, fix)]);
}
