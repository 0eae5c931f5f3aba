import { widthOf } from "./range.ts";
import { constantOf, type SsaNode } from "./ssa.ts";
import { item } from "../../src/ir/known.ts";

/**
 * How many low bits of each node anybody needs. Sums, products and bit operations need of their operands only what is
 * needed of them; `nodes` have operands first.
 */
export function demandedWidths(
  nodes: readonly SsaNode[],
  results: readonly { readonly node: SsaNode; readonly bits: number }[],
): ReadonlyMap<SsaNode, number> {
  const demand = new Map<SsaNode, number>();
  const ask = (node: SsaNode, bits: number): void => {
    demand.set(node, Math.max(demand.get(node) ?? 1, Math.min(bits, widthOf(node.range))));
  };
  for (const { node, bits } of results) ask(node, bits);
  for (const node of nodes.toReversed()) {
    const bits = demand.get(node) ?? widthOf(node.range);
    for (const [i, operand] of node.operands.entries()) ask(operand, operandBits(node, i, bits));
  }
  return demand;
}

function operandBits(node: SsaNode, place: number, bits: number): number {
  switch (node.operation) {
    case "add":
    case "sub":
    case "mul":
    case "and":
    case "or":
    case "xor":
    case "wrap":
    case "narrow":
      return bits;
    case "mux":
      return place === 0 ? 1 : bits;
    case "shl":
      return place === 0 ? bits : Infinity;
    case "shr": {
      const amount = constantOf(item(node.operands, 1));
      return place === 0 && amount !== null ? bits + Number(amount) : Infinity;
    }
    default:
      return Infinity;
  }
}
