import { verilog } from "../text/languages.ts";
import { literal, type Signals } from "./signals.ts";
import type { SsaNode } from "./ssa.ts";
import { item, lastItem } from "../../src/ir/known.ts";

/** A `lookup` as the template needs it: the index as its stage reads it, and the entries that it can reach. */
export function romView(node: SsaNode, signals: Signals, stage: number) {
  const width = signals.width(node);
  const index = item(node.operands, 0);
  const bits = signals.width(index);
  const { low, high } = index.range;
  const entries = node.table.slice(0, Number(high) + 1).map((value, at) => ({
    number: at,
    at: literal(BigInt(at), bits),
    value: literal(value, width),
  }));
  const reached = entries.slice(Number(low));
  return {
    computed: verilog``,
    isDsp: false,
    text: verilog``,
    full: verilog``,
    part: verilog``,
    index: signals.read(index, bits, stage),
    size: verilog`[0:${Number(high)}]`,
    entries: reached.slice(0, -1),
    last: lastItem(reached),
  };
}
