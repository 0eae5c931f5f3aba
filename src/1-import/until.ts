/** Networks that end behind operators that the user names, with what those need and nothing else. */
import { InputError } from "../ir/errors.ts";
import type { Graph } from "../ir/graph.ts";
import { item } from "../ir/known.ts";

/** An operator as a format has it; `Id` stands for what it reads and makes. */
export interface Step<Id> {
  /** As `firebrick inspect` prints it. */
  readonly name: string;
  readonly inputs: readonly Id[];
  readonly outputs: readonly Id[];
}

/** What is left. */
export interface Cut<Id> {
  /** Indices of the steps, in their order. */
  readonly kept: readonly number[];
  /** The first output of each step named. */
  readonly outputs: readonly Id[];
  /** What the kept steps read. */
  readonly read: ReadonlySet<Id>;
}

/** The steps, in any order, that those named need. @throws InputError with every name that no step has. */
export function cutBehind<Id>(steps: readonly Step<Id>[], until: readonly string[]): Cut<Id> {
  const named = until.map((name) => steps.find((step) => step.name === name && step.outputs.length > 0));
  const unknown = until.filter((_, i) => named[i] === undefined);
  if (unknown.length > 0)
    throw new InputError(
      unknown.map((name) => ({
        code: "unknown-node",
        node: "--until",
        found: JSON.stringify(name),
        supported: "a layer of the network, as `firebrick inspect` names it",
        fix: `name for example ${nearest(steps, name).join(", ")}`,
      })),
    );
  const makers = new Map(steps.flatMap((step) => step.outputs.map((output) => [output, step] as const)));
  const wanted = named.filter((step) => step !== undefined);
  const needed = new Set(wanted);
  for (const step of needed)
    for (const input of step.inputs) {
      const maker = makers.get(input);
      if (maker) needed.add(maker);
    }
  return {
    kept: steps.flatMap((step, i) => (needed.has(step) ? [i] : [])),
    outputs: [...new Set(wanted.map((step) => item<Id>(step.outputs, 0)))],
    read: new Set([...needed].flatMap(({ inputs }) => inputs)),
  };
}

/** The three names that take the fewest changes to become the given one. */
function nearest(steps: readonly Step<unknown>[], name: string): string[] {
  const names = [...new Set(steps.map((step) => step.name))];
  const ranked = names.map((other) => ({ other, distance: changes(name, other) }));
  return ranked
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ other }) => other);
}

/** Letters that have to be added, left out or replaced (Levenshtein's distance); of long names, of their last 64. */
function changes(one: string, other: string): number {
  const [from, to] = [one.slice(-64), other.slice(-64)];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = item(row, j) + (to[j] === from[i] ? 0 : 1);
      next.push(Math.min(replaced, item(row, j + 1) + 1, item(next, j) + 1));
    }
    row = next;
  }
  return item(row, to.length);
}

/** The graph up to the nodes named, in whose order its outputs are. @throws InputError as `cutBehind` does. */
export function cutGraph(graph: Graph, until: readonly string[]): Graph {
  const steps = graph.nodes.map(({ name, inputs, output }) => ({ name, inputs, outputs: [output] }));
  const { kept, outputs, read } = cutBehind(steps, until);
  const nodes = kept.map((i) => item(graph.nodes, i));
  const left = new Set([...read, ...outputs]);
  const tensors = new Map([...graph.tensors].filter(([id]) => left.has(id)));
  const inputs = graph.inputs.filter((id) => left.has(id));
  // what the network's own outputs mean says nothing of others
  const { floatOutputs: _, labels: __, outputOrders: ___, quantisationErrors, ...rest } = graph;
  const names = new Set(nodes.map(({ name }) => name));
  const errors = quantisationErrors?.filter(({ name }) => names.has(name));
  return { ...rest, nodes, tensors, inputs, outputs, ...(errors && { quantisationErrors: errors }) };
}
