/** An order of a graph's nets in which each comes behind all that lead to it; steps that close a loop are cut and told. */
import type { Step } from "./graph.ts";

export interface Order {
  /** Those that a step leaves, the first ones first. */
  readonly nets: readonly number[];
  /** Steps out of a net, without the cut ones. */
  readonly out: ReadonlyMap<number, readonly Step[]>;
  readonly cut: readonly Step[];
}

/** A walk in depth: a net is finished behind all that it leads to; a step to one that is not yet finished closes a loop. */
export function orderOf(steps: readonly Step[]): Order {
  const out = new Map<number, Step[]>();
  for (const step of steps) {
    const list = out.get(step.from);
    if (list === undefined) out.set(step.from, [step]);
    else list.push(step);
  }
  const begun = new Set<number>();
  const finished = new Set<number>();
  const last: number[] = [];
  const cut: Step[] = [];
  for (const first of out.keys()) {
    if (begun.has(first)) continue;
    begun.add(first);
    const open = [{ net: first, kept: [] as Step[], left: out.get(first)?.values() }];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const step = top.left?.next().value;
      if (step === undefined) {
        open.pop();
        finished.add(top.net);
        if (!out.has(top.net)) continue;
        last.push(top.net);
        out.set(top.net, top.kept);
      } else if (begun.has(step.to) && !finished.has(step.to)) cut.push(step);
      else {
        top.kept.push(step);
        if (begun.has(step.to)) continue;
        begun.add(step.to);
        open.push({ net: step.to, kept: [], left: out.get(step.to)?.values() });
      }
    }
  }
  return { nets: last.reverse(), out, cut };
}
