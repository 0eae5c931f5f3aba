/** One SSA operation as a Verilog expression. */
import { widthOf } from "./range.ts";
import type { Signals } from "./signals.ts";
import { constantOf, type SsaNode } from "./ssa.ts";

export interface Expression {
  readonly text: string;
  /** Bits that the expression has; more than the node's when its upper ones are cut off. */
  readonly width: number;
}

export function expressionOf(node: SsaNode, signals: Signals, stage: number): Expression {
  const width = signals.width(node);
  const [a, b, c] = node.operands as [SsaNode, SsaNode, SsaNode];
  const read = (operand: SsaNode, bits: number): string => signals.read(operand, bits, stage);
  const binary = (operator: string): Expression => ({
    text: `${read(a, width)} ${operator} ${read(b, width)}`,
    width,
  });
  switch (node.operation) {
    case "add":
      return binary("+");
    case "sub":
      return binary("-");
    case "and":
      return binary("&");
    case "or":
      return binary("|");
    case "xor":
      return binary("^");
    case "mul":
      return product(a, b, width, read);
    case "div":
    case "rem": {
      const both = Math.max(width, commonWidth(a, b));
      const operator = node.operation === "div" ? "/" : "%";
      return { text: signedPair(a, b, operator, both, read), width: both };
    }
    case "lt":
      return { text: signedPair(a, b, "<", commonWidth(a, b), read), width: 1 };
    case "eq": {
      const both = commonWidth(a, b);
      return { text: `${read(a, both)} == ${read(b, both)}`, width: 1 };
    }
    case "shl": {
      const places = constantOf(b);
      if (places === null) return { text: `${read(a, width)} << ${read(b, widthOf(b.range))}`, width };
      const kept = width - Number(places);
      if (kept <= 0) return { text: `${width}'h0`, width };
      return { text: `{${read(a, kept)}, ${places}'h0}`.replace("{{", "{ {"), width };
    }
    case "shr": {
      const places = constantOf(b);
      if (places !== null) return { text: signals.bits(a, Number(places), width, stage), width };
      const own = Math.max(width, widthOf(a.range));
      const isSigned = a.range.low < 0n;
      const shifted = isSigned ? `$signed(${read(a, own)}) >>>` : `${read(a, own)} >>`;
      return { text: `${shifted} ${read(b, widthOf(b.range))}`, width: own };
    }
    case "mux":
      return { text: `${read(a, 1)} ? ${read(b, width)} : ${read(c, width)}`, width };
    case "wrap":
    case "narrow":
      return { text: read(a, width), width };
    case "input":
    case "const":
    case "lookup":
      throw new Error(`internal error: ${node.operation} is no expression`);
  }
}

/** Sign-extended operands would cost multiplier cells, so the operands keep their own widths. */
function product(
  a: SsaNode,
  b: SsaNode,
  width: number,
  read: (node: SsaNode, bits: number) => string,
): Expression {
  const isSigned = a.range.low < 0n || b.range.low < 0n;
  const side = (node: SsaNode): string => {
    const own = Math.min(width, widthOf(node.range) + (isSigned && node.range.low >= 0n ? 1 : 0));
    return isSigned ? `$signed(${read(node, own)})` : read(node, own);
  };
  return { text: `${side(a)} * ${side(b)}`, width };
}

/** Bits that hold both operands in one sign. */
function commonWidth(a: SsaNode, b: SsaNode): number {
  const isSigned = a.range.low < 0n || b.range.low < 0n;
  const own = (node: SsaNode): number => widthOf(node.range) + (isSigned && node.range.low >= 0n ? 1 : 0);
  return Math.max(own(a), own(b));
}

function signedPair(
  a: SsaNode,
  b: SsaNode,
  operator: string,
  width: number,
  read: (node: SsaNode, bits: number) => string,
): string {
  const isSigned = a.range.low < 0n || b.range.low < 0n;
  const side = (node: SsaNode): string => (isSigned ? `$signed(${read(node, width)})` : read(node, width));
  return `${side(a)} ${operator} ${side(b)}`;
}
