/** The typed SSA form between TypeScript and Verilog: exact integers, each with the range that holds it. */
import { widthOf, type Range } from "./range.ts";
import { item } from "../../src/ir/known.ts";

/**
 * `wrap` keeps low bits and reads them in the range's sign; `narrow` states a range that the path proves. Truth values
 * are integers of 0..1. `shl` and `shr` shift by their second operand; `shr` keeps the sign. `div` and `rem` truncate.
 */
export type Operation =
  | "input"
  | "const"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "rem"
  | "and"
  | "or"
  | "xor"
  | "shl"
  | "shr"
  | "lt"
  | "eq"
  | "mux"
  | "wrap"
  | "narrow"
  | "lookup";

export interface SsaNode {
  /** Operands have smaller ids. */
  readonly id: number;
  readonly operation: Operation;
  readonly operands: readonly SsaNode[];
  readonly range: Range;
  /** Of a `lookup`: its entries. */
  readonly table: readonly bigint[];
  /** Of an `input`: its place in the list of ports. */
  readonly port: number;
  /** The source's name for it; the first one wins. */
  name: string | null;
}

/** Makes nodes; the one that there is already, where it is the same. */
export interface Builder {
  input(port: number, name: string, range: Range): SsaNode;
  constant(value: bigint): SsaNode;
  binary(operation: BinaryOperation, a: SsaNode, b: SsaNode): SsaNode;
  not(condition: SsaNode): SsaNode;
  mux(condition: SsaNode, yes: SsaNode, no: SsaNode): SsaNode;
  wrap(value: SsaNode, range: Range): SsaNode;
  narrow(value: SsaNode, range: Range): SsaNode;
  lookup(table: readonly bigint[], index: SsaNode): SsaNode;
}

export type BinaryOperation = Extract<
  Operation,
  "add" | "sub" | "mul" | "div" | "rem" | "and" | "or" | "xor" | "shl" | "shr" | "lt" | "eq"
>;

/** The value of a node that has only one. */
export function constantOf(node: SsaNode): bigint | null {
  return node.range.low === node.range.high ? node.range.low : null;
}

/** Bits of the smallest block RAM, an iCE40's: what larger tables are worth. */
const blockBits = 4096n;

/**
 * Whether a table is read from block RAM, whose output is a register: users see the entry in the next stage. Smaller ones
 * are logic.
 */
export function isBlockRom({ operation, operands, range }: SsaNode): boolean {
  if (operation !== "lookup") return false;
  const entries = item(operands, 0).range.high + 1n;
  return entries * BigInt(widthOf(range)) > blockBits;
}

/** Every node that the outputs need, operands first. */
export function reachable(outputs: readonly SsaNode[]): SsaNode[] {
  const found = new Set<SsaNode>();
  const open = [...outputs];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    open.push(...node.operands);
  }
  return [...found].sort((a, b) => a.id - b.id);
}
