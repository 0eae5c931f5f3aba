/** What a condition proves about its operands where it holds, or where it does not. */
import type { Context } from "./value.ts";
import type { Range } from "./range.ts";
import { constantOf, type SsaNode } from "./ssa.ts";
import { item } from "../../src/ir/known.ts";

/** Adds to the facts of the current path. */
export function assume(context: Context, condition: SsaNode, holds: boolean): void {
  const [a, b] = condition.operands;
  if (a === undefined || b === undefined) return;
  switch (condition.operation) {
    case "xor":
      // The negation of a truth value is an xor with 1.
      if (constantOf(a) === 1n) assume(context, b, !holds);
      else if (constantOf(b) === 1n) assume(context, a, !holds);
      return;
    case "and":
      if (holds) for (const part of [a, b]) assume(context, part, true);
      return;
    case "or":
      if (!holds) for (const part of [a, b]) assume(context, part, false);
      return;
    case "lt":
      if (holds) {
        limit(context, a, { low: a.range.low, high: known(context, b).high - 1n });
        limit(context, b, { low: known(context, a).low + 1n, high: b.range.high });
      } else {
        limit(context, a, { low: known(context, b).low, high: a.range.high });
        limit(context, b, { low: b.range.low, high: known(context, a).high });
      }
      return;
    case "eq":
      if (holds) {
        limit(context, a, known(context, b));
        limit(context, b, known(context, a));
      } else {
        exclude(context, a, constantOf(b));
        exclude(context, b, constantOf(a));
      }
      return;
    default:
  }
}

/** The node as this path knows it. */
export function refine(context: Context, node: SsaNode): SsaNode {
  const fact = context.state.facts.get(node.id);
  return fact === undefined ? node : context.builder.narrow(node, fact);
}

/** That a value is not at an end of its range moves the end. */
function exclude(context: Context, node: SsaNode, value: bigint | null): void {
  const { low, high } = known(context, node);
  if (value === low) limit(context, node, { low: low + 1n, high });
  if (value === high) limit(context, node, { low, high: high - 1n });
}

function known(context: Context, node: SsaNode): Range {
  return context.state.facts.get(node.id) ?? node.range;
}

function limit(context: Context, node: SsaNode, range: Range): void {
  const old = known(context, node);
  const low = range.low > old.low ? range.low : old.low;
  const high = range.high < old.high ? range.high : old.high;
  if (low > high) return;
  context.state.facts.set(node.id, { low, high });
  // A narrowed copy keeps what is learnt of it for the value it came from.
  if (node.operation === "narrow") limit(context, item(node.operands, 0), { low, high });
}
