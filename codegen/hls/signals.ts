/** Wires of a kernel's module: how a node's bits are read, in the stage that reads them, at the width that is needed. */
import type { Code } from "../text/code.ts";
import { verilog, verilogDigits } from "../text/languages.ts";
import { assert } from "../../src/ir/errors.ts";
import { constantOf, type SsaNode } from "./ssa.ts";

export type Verilog = Code<"verilog">;

export interface Signals {
  /** Low `width` bits of a node as `stage` sees them, extended in the node's own sign. */
  read(node: SsaNode, width: number, stage: number): Verilog;
  /** `count` bits from `low` up, repeating the sign above the node's own. */
  bits(node: SsaNode, low: number, count: number, stage: number): Verilog;
  /** Bits that the node's wire has. */
  width(node: SsaNode): number;
  /** Registers that carry nodes over stage ends: the last stage that reads each. */
  readonly lastRead: ReadonlyMap<SsaNode, number>;
  /** Wires of which somebody left bits unread, by their names. */
  readonly partlyRead: ReadonlyMap<string, Verilog>;
}

export interface SignalTable {
  readonly names: ReadonlyMap<SsaNode, Verilog>;
  readonly widths: ReadonlyMap<SsaNode, number>;
  readonly stageOf: ReadonlyMap<SsaNode, number>;
}

export function signalsOf({ names, widths, stageOf }: SignalTable): Signals {
  const lastRead = new Map<SsaNode, number>();
  const partlyRead = new Map<string, Verilog>();
  const width = (node: SsaNode): number => widths.get(node) ?? 1;
  const wire = (node: SsaNode, stage: number): Verilog => {
    lastRead.set(node, Math.max(lastRead.get(node) ?? 0, stage));
    const name = names.get(node);
    assert(name !== undefined, "every node has a name");
    const made = stageOf.get(node) ?? 1;
    assert(stage >= made, `${String(name)} is read before it is made`);
    return stage === made ? name : verilog`${name}_q${stage - 1}`;
  };
  const bits = (node: SsaNode, low: number, count: number, stage: number): Verilog => {
    const fixed = constantOf(node);
    if (fixed !== null && node.operation === "const") return literal(fixed >> BigInt(low), count);
    const own = width(node);
    const name = wire(node, stage);
    const isSigned = node.range.low < 0n;
    if (low >= own) {
      partlyRead.set(String(name), name);
      return isSigned ? repeat(count, top(name, own)) : literal(0n, count);
    }
    const high = Math.min(low + count, own) - 1;
    const taken = high - low + 1;
    if (taken < own) partlyRead.set(String(name), name);
    const part =
      taken === own ? name : taken === 1 ? verilog`${name}[${low}]` : verilog`${name}[${high}:${low}]`;
    if (taken === count) return part;
    const fill = isSigned ? repeat(count - taken, top(name, own)) : literal(0n, count - taken);
    return concatenation(fill, part);
  };
  return { bits, read: (node, count, stage) => bits(node, 0, count, stage), width, lastRead, partlyRead };
}

/** The low `width` bits of a value, as hexadecimal digits. */
export function literal(value: bigint, width: number): Verilog {
  return verilog`${width}'h${verilogDigits(BigInt.asUintN(width, value).toString(16))}`;
}

/** Apart from each other, two braces read as no mark of anything. */
export function concatenation(high: Verilog, low: Verilog): Verilog {
  const space = String(high).startsWith("{") ? verilog` ` : verilog``;
  return verilog`{${space}${high}, ${low}}`;
}

/** `[7:0]`, nothing for a single bit. */
export function vector(width: number): Verilog {
  return width === 1 ? verilog`` : verilog`[${width - 1}:0] `;
}

function top(name: Verilog, width: number): Verilog {
  return width === 1 ? name : verilog`${name}[${width - 1}]`;
}

function repeat(count: number, bit: Verilog): Verilog {
  return count === 1 ? bit : verilog`{${count}{${bit}}}`;
}
