/** Which pipeline stage computes which node: as soon as its operands and the stage's depth allow. */
import { widthOf } from "./range.ts";
import { constantOf, isBlockRom, type SsaNode } from "./ssa.ts";
import { item, known } from "../../src/ir/known.ts";

export interface Schedule {
  /** Pipeline stages, which is also the latency in cycles; at least 1. */
  readonly stages: number;
  /** Levels of logic that a stage may have. */
  readonly maxDepth: number;
  /** From 1; constants are in every stage and not in here. */
  readonly stageOf: ReadonlyMap<SsaNode, number>;
  /** Estimated levels of logic of the deepest path within each stage. */
  readonly depths: readonly number[];
}

/** Levels of logic, one a 4-input table or a carry chain of 16 bits: a model, not a measurement. */
export function depthOf(node: SsaNode): number {
  const operands = node.operands.map(({ range }) => widthOf(range));
  const widest = Math.max(widthOf(node.range), ...operands);
  switch (node.operation) {
    case "input":
    case "const":
    case "wrap":
    case "narrow":
      return 0;
    case "and":
    case "or":
    case "xor":
    case "mux":
      return 1;
    case "add":
    case "sub":
    case "lt":
      return depthOfSum(widest);
    case "eq":
      return Math.max(1, Math.ceil(Math.log2(widest) / 2));
    case "mul":
      return depthOfProduct(widest);
    case "div":
    case "rem":
      return 2 * widest;
    case "shl":
    case "shr": {
      const amount = item(node.operands, 1);
      return constantOf(amount) === null ? Math.ceil(widthOf(amount.range) / 2) + 1 : 0;
    }
    case "lookup":
      return isBlockRom(node) ? depthOfBlockRom : Math.max(1, item(operands, 0) - 3);
  }
}

/** Levels that a block RAM's read takes, by its clock-to-output time. */
const depthOfBlockRom = 3;

/** Levels of a sum or comparison of so many bits. */
export function depthOfSum(width: number): number {
  return 1 + Math.ceil(width / 16);
}

/** Levels of a product of so many bits. */
export function depthOfProduct(width: number): number {
  return 4 + Math.ceil(width / 16);
}

/**
 * `nodes` have operands first. A node deeper than `maxDepth` and a read of block RAM have a
 * stage of their own. `arrivals`: the stage that each
 * input port comes with, by port; 1 where it says nothing.
 */
export function schedule(
  nodes: readonly SsaNode[],
  maxDepth: number,
  arrivals: readonly number[] = [],
): Schedule {
  const stageOf = new Map<SsaNode, number>();
  const endOf = new Map<SsaNode, number>();
  const depths: number[] = [0];
  for (const node of nodes) {
    if (node.operation === "const") continue;
    let stage = node.operation === "input" ? (arrivals[node.port] ?? 1) : 1;
    let start = 0;
    for (const operand of node.operands) {
      const isLate = isBlockRom(operand);
      const at = (stageOf.get(operand) ?? 1) + (isLate ? 1 : 0);
      const end = isLate ? 0 : (endOf.get(operand) ?? 0);
      if (at > stage) [stage, start] = [at, end];
      else if (at === stage) start = Math.max(start, end);
    }
    const depth = depthOf(node);
    if (start > 0 && (start + depth > maxDepth || isBlockRom(node))) [stage, start] = [stage + 1, 0];
    stageOf.set(node, stage);
    endOf.set(node, start + depth);
    while (depths.length < stage) depths.push(0);
    depths[stage - 1] = Math.max(item(depths, stage - 1), start + depth);
  }
  return { stages: depths.length, maxDepth, stageOf, depths };
}

/** Levels of logic of each node, and how many it stands behind the start of its stage. `nodes` have operands first. */
export function settling(nodes: readonly SsaNode[], stageOf: ReadonlyMap<SsaNode, number>) {
  const found = new Map<SsaNode, { readonly levels: number; readonly settles: number }>();
  for (const node of nodes) {
    const beside = node.operands.filter((operand) => stageOf.get(operand) === stageOf.get(node));
    const starts = beside.map(
      (operand) => known(found.get(operand), "operands come before their users").settles,
    );
    const levels = depthOf(node);
    found.set(node, { levels, settles: Math.max(0, ...starts) + levels });
  }
  return found;
}

/** How much deeper a stage may get than it must when that saves registers: a quarter, within the model's error. */
const slack = 1.25;

/** The shallowest stages that need exactly `latency` of them; empty ones follow at the end. Null where it takes more. */
export function scheduleFor(
  nodes: readonly SsaNode[],
  latency: number,
  arrivals: readonly number[] = [],
): Schedule | null {
  const total = schedule(nodes, Infinity).depths.reduce((a, b) => a + b, 0);
  for (let maxDepth = 1; maxDepth <= total + 1; maxDepth += 1) {
    const found = schedule(nodes, maxDepth, arrivals);
    if (found.stages > latency) continue;
    const depths = [...found.depths, ...Array.from({ length: latency - found.stages }, () => 0)];
    return { ...found, stages: latency, maxDepth: Math.ceil(maxDepth * slack), depths };
  }
  return null;
}
