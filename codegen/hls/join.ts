import type { SsaNode } from "./ssa.ts";
import { choose, poison, type Context, type State } from "./value.ts";

/** Makes one state of those after both ways of a condition; what only one way knows is gone. */
export function joinStates(context: Context, condition: SsaNode, before: State, yes: State, no: State): void {
  const store = new Map([...no.store, ...yes.store]);
  context.state = { variables: new Map(), store, facts: before.facts };
  for (const [cell, items] of yes.store) {
    const others = no.store.get(cell);
    if (others === undefined || others === items) continue;
    store.set(
      cell,
      items.map((item, i) => choose(context, condition, item, others[i] ?? poison)),
    );
  }
  for (const [name, value] of before.variables) {
    const first = yes.variables.get(name) ?? value;
    const second = no.variables.get(name) ?? value;
    context.state.variables.set(name, choose(context, condition, first, second));
  }
}
