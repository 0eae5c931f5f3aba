/** One SSA operation as a Verilog expression. */
import { widthOf } from "./range.ts";
import { verilog } from "../text/languages.ts";
import { concatenation, literal, type Signals, type Verilog } from "./signals.ts";
import { constantOf, type SsaNode } from "./ssa.ts";

export interface Expression {
  readonly text: Verilog;
  /** Bits that the expression has; more than the node's when its upper ones are cut off. */
  readonly width: number;
}

export function expressionOf(node: SsaNode, signals: Signals, stage: number): Expression {
  const width = signals.width(node);
  const [a, b, c] = node.operands as [SsaNode, SsaNode, SsaNode];
  const read = (operand: SsaNode, bits: number): Verilog => signals.read(operand, bits, stage);
  const binary = (operator: Verilog): Expression => ({
    text: verilog`${read(a, width)} ${operator} ${read(b, width)}`,
    width,
  });
  switch (node.operation) {
    case "add":
      return binary(verilog`+`);
    case "sub":
      return binary(verilog`-`);
    case "and":
      return binary(verilog`&`);
    case "or":
      return binary(verilog`|`);
    case "xor":
      return binary(verilog`^`);
    case "mul":
      return product(a, b, width, read);
    case "div":
    case "rem": {
      const both = Math.max(width, commonWidth(a, b));
      const operator = node.operation === "div" ? verilog`/` : verilog`%`;
      return { text: signedPair(a, b, operator, both, read), width: both };
    }
    case "lt":
      return { text: signedPair(a, b, verilog`<`, commonWidth(a, b), read), width: 1 };
    case "eq": {
      const both = commonWidth(a, b);
      return { text: verilog`${read(a, both)} == ${read(b, both)}`, width: 1 };
    }
    case "shl": {
      const places = constantOf(b);
      if (places === null) return { text: verilog`${read(a, width)} << ${read(b, widthOf(b.range))}`, width };
      const kept = width - Number(places);
      if (kept <= 0) return { text: verilog`${width}'h0`, width };
      return { text: concatenation(read(a, kept), literal(0n, Number(places))), width };
    }
    case "shr": {
      const places = constantOf(b);
      if (places !== null) return { text: signals.bits(a, Number(places), width, stage), width };
      const own = Math.max(width, widthOf(a.range));
      const isSigned = a.range.low < 0n;
      const shifted = isSigned ? verilog`$signed(${read(a, own)}) >>>` : verilog`${read(a, own)} >>`;
      return { text: verilog`${shifted} ${read(b, widthOf(b.range))}`, width: own };
    }
    case "mux":
      return { text: verilog`${read(a, 1)} ? ${read(b, width)} : ${read(c, width)}`, width };
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
  read: (node: SsaNode, bits: number) => Verilog,
): Expression {
  const isSigned = a.range.low < 0n || b.range.low < 0n;
  const side = (node: SsaNode): Verilog => {
    const own = Math.min(width, widthOf(node.range) + (isSigned && node.range.low >= 0n ? 1 : 0));
    return isSigned ? verilog`$signed(${read(node, own)})` : read(node, own);
  };
  return { text: verilog`${side(a)} * ${side(b)}`, width };
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
  operator: Verilog,
  width: number,
  read: (node: SsaNode, bits: number) => Verilog,
): Verilog {
  const isSigned = a.range.low < 0n || b.range.low < 0n;
  const side = (node: SsaNode): Verilog =>
    isSigned ? verilog`$signed(${read(node, width)})` : read(node, width);
  return verilog`${side(a)} ${operator} ${side(b)}`;
}
