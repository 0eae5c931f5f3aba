/** What `firebrick hls` tells of a kernel: its stages, and every value with its bits and estimated delay. */
import { formatText } from "./format.ts";
import type { Kernel } from "./kernel.ts";
import { settling, type Schedule } from "./schedule.ts";
import type { Operation, SsaNode } from "./ssa.ts";
import { item, known } from "../../src/ir/known.ts";

export interface KernelReport {
  readonly name: string;
  /** Text such as `(x: Int<8>) => Int<8>`. */
  readonly signature: string;
  /** In cycles. */
  readonly latency: number;
  readonly initiationInterval: 1;
  readonly stages: readonly StageReport[];
  /** How many nodes of each operation. */
  readonly operators: Readonly<Record<string, number>>;
  /** By stage, and within a stage in the order in which they settle. */
  readonly values: readonly ValueReport[];
}

export interface StageReport {
  /** Estimated levels of logic of the longest path. */
  readonly depth: number;
  /** Bits of the registers behind the stage. */
  readonly registerBits: number;
}

export interface ValueReport {
  readonly name: string;
  readonly operation: Operation;
  readonly bits: number;
  readonly low: string;
  readonly high: string;
  /** The stage that computes it, from 1. */
  readonly stage: number;
  /** Estimated levels of logic of the operation itself. */
  readonly levels: number;
  /** Estimated levels of logic from the start of the stage until the value stands. */
  readonly settles: number;
}

/** What only the rendered module knows. */
export interface RenderedKernel {
  readonly names: ReadonlyMap<SsaNode, string>;
  readonly widths: ReadonlyMap<SsaNode, number>;
  /** By stage. */
  readonly registerBits: readonly number[];
}

/** `nodes` have operands first. */
export function kernelReport(
  kernel: Kernel,
  nodes: readonly SsaNode[],
  plan: Schedule,
  { names, widths, registerBits }: RenderedKernel,
): KernelReport {
  const settles = settling(nodes, plan.stageOf);
  const operators: Record<string, number> = {};
  for (const { operation } of nodes) {
    if (operation !== "input" && operation !== "const")
      operators[operation] = (operators[operation] ?? 0) + 1;
  }
  const values = nodes
    .filter(({ operation }) => operation !== "const")
    .map((node) => ({
      name: known(names.get(node), "every operation has a wire"),
      operation: node.operation,
      bits: widths.get(node) ?? 1,
      low: String(node.range.low),
      high: String(node.range.high),
      stage: plan.stageOf.get(node) ?? 1,
      ...known(settles.get(node), "every operation settles"),
    }));
  return {
    name: kernel.name,
    signature: signatureOf(kernel),
    latency: plan.stages,
    initiationInterval: 1,
    stages: plan.depths.map((depth, i) => ({ depth, registerBits: item(registerBits, i) })),
    operators,
    values: values.toSorted((a, b) => a.stage - b.stage || a.settles - b.settles),
  };
}

/** Text such as `(x: Int<8>) => Int<8>`. */
export function signatureOf({ parameters, resultFormat }: Kernel): string {
  const list = parameters.map(({ name, format }) => `${name}: ${formatText(format)}`);
  return `(${list.join(", ")}) => ${formatText(resultFormat)}`;
}
