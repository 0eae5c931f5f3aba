/** The array's work in order: operators, with Fire's two expand convolutions made one, and what happens to results. */
import { isSameKernel } from "../ir/activation-kernel.ts";
import type { Problem } from "../ir/errors.ts";
import { InputError } from "../ir/errors.ts";
import type { IntBinary, IntConcat, IntGraph, IntNode, IntPool, MapId } from "../ir/integer.ts";
import { isBinary } from "../ir/integer.ts";
import { divide } from "./host.ts";
import { isLayout, isScattered, layoutsOf, overScattered, type LayoutNode, type Layouts } from "./layout.ts";
import { operatorOf } from "./operators.ts";
import { gather, lookupOf } from "./serial-operators.ts";
import { known } from "../ir/known.ts";
import type { Operator } from "./plan.ts";
import { isSameTable } from "./tables.ts";
import { type Views, viewsOf } from "./views.ts";

export type Step =
  | { readonly kind: "operator"; readonly operator: Operator; readonly centreTap: Operator | null }
  | { readonly kind: "binary"; readonly node: IntBinary }
  | { readonly kind: "max-pool"; readonly node: IntPool };

export interface Chain extends Omit<Views, "problems">, Layouts {
  readonly steps: readonly Step[];
  /** Nodes that the host computes when the accelerator is done, in order. */
  readonly hostNodes: readonly IntNode[];
  /** Maps that the accelerator makes for the host, that of the logits first. */
  readonly handedOver: readonly MapId[];
  /** How many steps and layouts, and the host, read a map under any shape. */
  uses(id: MapId): number;
}

/** `pk`: lanes; `beat`: bytes that a pixel in memory has a multiple of. Throws InputError with every node that the accelerator cannot run. */
export function stepsOf(graph: IntGraph, pk: number, beat: number): Chain {
  const { hostNodes, handedOver, problems: behindHost } = divide(graph);
  const nodes = graph.nodes.filter((node) => !hostNodes.includes(node));
  const { problems: moved, ...views } = viewsOf({ ...graph, nodes }, beat);
  const { canonical, storage } = views;
  const problems: Problem[] = [...moved, ...behindHost];
  const ends = new Set(handedOver.map(storage));

  const steps: (Step | LayoutStep)[] = [];
  for (const node of nodes) {
    if (node.kind === "reshape") continue;
    try {
      if (isBinary(node)) steps.push({ kind: "binary", node });
      else if (node.kind === "max-pool") steps.push({ kind: "max-pool", node });
      else if (node.kind === "concat" && node.axis === 2)
        steps.push(...expand(steps, node, { nodes, ends, canonical, pk }));
      else if (isLayout(node)) steps.push({ kind: "layout", node });
      else if (joinActivation(nodes, ends, steps, node, canonical)) continue;
      else {
        steps.push(alone(operatorOf(graph, node), canonical));
      }
    } catch (e) {
      if (!(e instanceof InputError)) throw e;
      problems.push(...e.problems);
    }
  }
  if (steps.length === 0 && problems.length === 0) problems.push(withoutLayer(graph));
  if (problems.length > 0) throw new InputError(problems);
  const moves = steps.flatMap((step) => (step.kind === "layout" ? [step.node] : []));
  const layouts = layoutsOf({ ...graph, nodes }, moves, handedOver, beat);
  const placed = steps.flatMap((step) => withLayout(step, layouts));
  const counts = countUses(placed, moves, handedOver, storage);
  return {
    ...views,
    ...layouts,
    graph: { ...layouts.graph, nodes: graph.nodes },
    pitch: (id) => layouts.pitch(id) ?? views.pitch(id),
    steps: placed,
    hostNodes,
    handedOver,
    uses: (id) => counts.get(storage(id)) ?? 0,
  };
}

/** All that there is belongs to the host. */
function withoutLayer({ name }: IntGraph): Problem {
  return {
    code: "no-hardware",
    node: name,
    found: "a network that leaves the accelerator nothing to compute",
    supported: "networks with a layer, a pool or a sum",
    fix: "use `firebrick golden` for this network",
  };
}

/** A node that no operator stands for. */
interface LayoutStep {
  readonly kind: "layout";
  readonly node: LayoutNode;
}

/** There is a step for a layout only where its readers cannot take it. */
function withLayout(step: Step | LayoutStep, { graph, layouts }: Layouts): Step[] {
  const mapOf = (id: MapId) => known(graph.maps.get(id), "a buffer is a map");
  if (step.kind === "layout") {
    const layout = known(
      layouts.find(({ node }) => node === step.node),
      "each has a layout",
    );
    if (layout.state !== "gathered") return [];
    const operator = gather(layout, mapOf(layout.buffer), mapOf(step.node.output));
    return [{ kind: "operator", operator, centreTap: null }];
  }
  if (step.kind !== "operator") return [step];
  const read = layouts.find((one) => isScattered(one, step.operator.input));
  if (read === undefined) return [step];
  const over = (operator: Operator) => overScattered(operator, read, mapOf(read.buffer).channels);
  return [{ ...step, operator: over(step.operator), centreTap: step.centreTap && over(step.centreTap) }];
}

export type OperatorStep = Step & { readonly kind: "operator" };

/** The step of an operator whose input is the first map with those bytes and that shape. */
export function alone(operator: Operator, canonical: (id: MapId) => MapId): OperatorStep {
  return { kind: "operator", operator: { ...operator, input: canonical(operator.input) }, centreTap: null };
}

/** What a node does to single values, as a phase does it to its results; null for other nodes. */
function behindLanes(node: IntNode): Pick<Operator, "activation" | "lookup"> | null {
  if (node.kind === "activation") return { activation: node, lookup: null };
  if (node.kind === "lookup") return { activation: null, lookup: lookupOf(node) };
  if (node.kind !== "rescale" || !node.rescaling.table) return null;
  return { activation: null, lookup: { node, table: node.rescaling.table } };
}

/** The layer that makes the values of a kernel or table, for nobody else, sends its results through it. False when there is none. */
function joinActivation(
  nodes: readonly IntNode[],
  ends: ReadonlySet<MapId>,
  steps: (Step | LayoutStep)[],
  node: IntNode,
  canonical: (id: MapId) => MapId,
): boolean {
  const behind = behindLanes(node);
  if (behind === null) return false;
  const source = canonical(node.inputs[0] ?? -1);
  const readers = nodes.filter((other) => other.inputs.some((id) => canonical(id) === source));
  const at = steps.findIndex((step) => step.kind === "operator" && step.operator.output === source);
  const step = steps[at];
  const isAlone = readers.length === 1 && !ends.has(source);
  if (step?.kind !== "operator" || step.centreTap || !isAlone) return false;
  if (step.operator.activation !== null || step.operator.lookup !== null) return false;
  steps[at] = { ...step, operator: { ...step.operator, ...behind, output: node.output } };
  return true;
}

function countUses(
  steps: readonly Step[],
  moves: readonly LayoutNode[],
  handedOver: readonly MapId[],
  storage: (id: MapId) => MapId,
): Map<MapId, number> {
  const counts = new Map<MapId, number>();
  const use = (id: MapId) => counts.set(storage(id), (counts.get(storage(id)) ?? 0) + 1);
  for (const step of steps) {
    if (step.kind === "operator") use(step.operator.input);
    else for (const id of step.node.inputs) use(id);
  }
  for (const { inputs } of moves) for (const id of inputs) use(id);
  for (const id of handedOver) use(id);
  return counts;
}

export function isPointwise(op: Operator): boolean {
  return op.kernel[0] === 1 && op.kernel[1] === 1 && op.stride[0] === 1 && op.stride[1] === 1;
}

/** What a concatenation is joined with. */
interface Around {
  readonly nodes: readonly IntNode[];
  readonly ends: ReadonlySet<MapId>;
  readonly canonical: (id: MapId) => MapId;
  readonly pk: number;
}

/**
 * concat(1 x 1, 3 x 3) of one source becomes one step (SqueezeNet, Iandola et al. 2016, section 3.2): the 3 x 3
 * convolution whose first groups take the centre tap. Other concatenations stay, as layouts.
 */
function expand(
  steps: (Step | LayoutStep)[],
  node: IntConcat,
  { canonical, ends, nodes, pk }: Around,
): readonly [Step | LayoutStep] {
  const isAlone = (id: MapId) => {
    const readers = nodes.filter(({ inputs }) => inputs.some((other) => canonical(other) === canonical(id)));
    return readers.length === 1 && !ends.has(canonical(id));
  };
  const parts = node.inputs.map((id) =>
    steps.findIndex((s) => s.kind === "operator" && !s.centreTap && s.operator.output === canonical(id)),
  );
  const [one, three] = parts.map((i) => steps[i]);
  const fits =
    node.inputs.length === 2 &&
    node.inputs.every(isAlone) &&
    one?.kind === "operator" &&
    three?.kind === "operator" &&
    expands(one.operator, three.operator, pk);
  if (!fits) return [{ kind: "layout", node }];
  steps.splice(Math.max(...parts), 1);
  steps.splice(Math.min(...parts), 1);
  const operator = { ...three.operator, output: node.output };
  return [{ kind: "operator", operator, centreTap: one.operator }];
}

function sameActivation(one: Operator, other: Operator): boolean {
  const [a, b] = [one.activation, other.activation];
  if (a !== null && b !== null) return isSameKernel(a.kernel, b.kernel);
  const [first, second] = [one.lookup, other.lookup];
  if (first !== null && second !== null) return isSameTable(first.table, second.table);
  return a === b && first === second;
}

function expands(one: Operator, three: Operator, pk: number): boolean {
  const { top, left, bottom, right } = three.padding;
  return (
    one.kind === "conv" &&
    three.kind === "conv" &&
    one.input === three.input &&
    isPointwise(one) &&
    three.kernel[0] === 3 &&
    three.kernel[1] === 3 &&
    three.stride[0] === 1 &&
    three.stride[1] === 1 &&
    [top, left, bottom, right].every((n) => n === 1) &&
    one.bias.length % pk === 0 &&
    one.bias.length / pk <= 255 &&
    one.min === three.min &&
    one.max === three.max &&
    sameActivation(one, three) &&
    one.outputZeroPoint === three.outputZeroPoint
  );
}
