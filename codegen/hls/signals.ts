/** Wires of a kernel's module: how a node's bits are read, in the stage that reads them, at the width that is needed. */
import { assert } from "../../src/ir/errors.ts";
import { constantOf, type SsaNode } from "./ssa.ts";

export interface Signals {
  /** Low `width` bits of a node as `stage` sees them, extended in the node's own sign. */
  read(node: SsaNode, width: number, stage: number): string;
  /** `count` bits from `low` up, repeating the sign above the node's own. */
  bits(node: SsaNode, low: number, count: number, stage: number): string;
  /** Bits that the node's wire has. */
  width(node: SsaNode): number;
  /** Registers that carry nodes over stage ends: the last stage that reads each. */
  readonly lastRead: ReadonlyMap<SsaNode, number>;
  /** Wires of which somebody left bits unread. */
  readonly partlyRead: ReadonlySet<string>;
}

export interface SignalTable {
  readonly names: ReadonlyMap<SsaNode, string>;
  readonly widths: ReadonlyMap<SsaNode, number>;
  readonly stageOf: ReadonlyMap<SsaNode, number>;
}

export function signalsOf({ names, widths, stageOf }: SignalTable): Signals {
  const lastRead = new Map<SsaNode, number>();
  const partlyRead = new Set<string>();
  const width = (node: SsaNode): number => widths.get(node) ?? 1;
  const wire = (node: SsaNode, stage: number): string => {
    lastRead.set(node, Math.max(lastRead.get(node) ?? 0, stage));
    const name = names.get(node);
    assert(name !== undefined, "every node has a name");
    const made = stageOf.get(node) ?? 1;
    assert(stage >= made, `${name} is read before it is made`);
    return stage === made ? name : `${name}_q${stage - 1}`;
  };
  const bits = (node: SsaNode, low: number, count: number, stage: number): string => {
    const fixed = constantOf(node);
    if (fixed !== null && node.operation === "const") return literal(fixed >> BigInt(low), count);
    const own = width(node);
    const name = wire(node, stage);
    const isSigned = node.range.low < 0n;
    if (low >= own) {
      partlyRead.add(name);
      return isSigned ? repeat(count, top(name, own)) : literal(0n, count);
    }
    const high = Math.min(low + count, own) - 1;
    const taken = high - low + 1;
    if (taken < own) partlyRead.add(name);
    const part = taken === own ? name : taken === 1 ? `${name}[${low}]` : `${name}[${high}:${low}]`;
    if (taken === count) return part;
    const fill = isSigned ? repeat(count - taken, top(name, own)) : literal(0n, count - taken);
    return `{${fill}, ${part}}`.replace("{{", "{ {");
  };
  return { bits, read: (node, count, stage) => bits(node, 0, count, stage), width, lastRead, partlyRead };
}

/** The low `width` bits of a value, as hexadecimal digits. */
export function literal(value: bigint, width: number): string {
  return `${width}'h${BigInt.asUintN(width, value).toString(16)}`;
}

/** `[7:0]`, nothing for a single bit. */
export function vector(width: number): string {
  return width === 1 ? "" : `[${width - 1}:0] `;
}

function top(name: string, width: number): string {
  return width === 1 ? name : `${name}[${width - 1}]`;
}

function repeat(count: number, bit: string): string {
  return count === 1 ? bit : `{${count}{${bit}}}`;
}
