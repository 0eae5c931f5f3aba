/** The end of a network that the host computes, and what the accelerator hands it. */
import type { Problem } from "../ir/errors.ts";
import { endsOf, inputsOf, type IntGraph, type IntNode, type MapId } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { unsupported } from "./operator-parts.ts";

/** What the accelerator has no part for: the host computes it where no layer follows. */
function belongsOnHost(node: IntNode): boolean {
  switch (node.kind) {
    case "softmax":
    case "log-softmax":
    case "l2-normalization":
      return true;
    case "rescale":
      return node.rescaling.table !== undefined;
    case "concat":
      return node.axis !== 2;
    case "slice":
    case "repeat":
    case "resize-bilinear":
    case "interleave":
    case "lookup":
      return true;
    default:
      return false;
  }
}

/** Whether the accelerator can compute the node nowhere. */
function isOnLines({ kind }: IntNode): boolean {
  return kind === "softmax" || kind === "log-softmax" || kind === "l2-normalization";
}

/** How a network is divided between the accelerator and its host. */
export interface Division {
  /** Nodes that the host computes when the accelerator is done, in order. */
  readonly hostNodes: readonly IntNode[];
  /** Maps that the accelerator makes for the host, each once, that of the logits first. */
  readonly handedOver: readonly MapId[];
  readonly problems: readonly Problem[];
}

/** A computation of the host's. */
export interface HostPart {
  readonly name: string;
  readonly kind: string;
}

/** What the host computes, in order; not what only has another shape or type there. */
export function hostParts({
  graph,
  hostNodes,
}: {
  readonly graph: IntGraph;
  readonly hostNodes: readonly IntNode[];
}): readonly HostPart[] {
  const all = [...hostNodes, ...(graph.tail?.nodes ?? [])].map(({ kind, name }): HostPart => ({
    name,
    kind,
  }));
  return all.filter(({ kind }) => kind !== "reshape" && kind !== "copy");
}

/**
 * The host takes what the accelerator has no part for, all that depends on it, and the reshapes that only such nodes, or
 * nobody, read. Where nothing but that is left of a network, the accelerator moves values itself.
 */
export function divide(graph: IntGraph): Division {
  const usual = divideAt(
    graph,
    (node) =>
      belongsOnHost(node) && !leadsToLayer(graph, node) && (!hasTable(node) || followsLayer(graph, node)),
  );
  const computes = ({ kind }: IntNode) => kind !== "reshape" && kind !== "pad";
  const isLeft = graph.nodes.some((node) => computes(node) && !usual.hostNodes.includes(node));
  return isLeft ? usual : divideAt(graph, (node) => isOnLines(node) || node.kind === "resize-bilinear");
}

function divideAt(graph: IntGraph, startsHost: (node: IntNode) => boolean): Division {
  const host = new Set<IntNode>();
  const fromHost = new Set<MapId>();
  for (const node of graph.nodes) {
    const starts = startsHost(node);
    if (!starts && !node.inputs.some((id) => fromHost.has(id))) continue;
    host.add(node);
    fromHost.add(node.output);
  }
  for (const node of graph.nodes.toReversed()) {
    const readers = graph.nodes.filter((other) => other.inputs.includes(node.output));
    if (node.kind === "reshape" && readers.every((reader) => host.has(reader))) host.add(node);
  }
  const hostNodes = graph.nodes.filter((node) => host.has(node));
  const made = new Set(graph.nodes.flatMap((node) => (host.has(node) ? [] : [node.output])));
  const wanted = [graph.logits, ...endsOf(graph), ...hostNodes.flatMap(({ inputs }) => inputs)];
  const handedOver = [...new Set(wanted)].filter((id) => made.has(id));
  const unmade = graph.nodes.filter(({ output }) => handedOver.includes(output) && isInput(graph, output));
  return {
    hostNodes,
    handedOver,
    problems: [
      ...hostNodes
        .filter(({ macs }) => macs > 0)
        .map((node) => unsupported(node, `a layer behind ${firstOf(graph, host)}, which runs on the host`)),
      ...unmade.map((node) => unsupported(node, "an output that is an input under another shape")),
    ],
  };
}

/** Whether a map is an input, or one under other shapes. */
function isInput(graph: IntGraph, id: MapId): boolean {
  const maker = graph.nodes.find(({ output }) => output === id);
  return maker
    ? maker.kind === "reshape" && isInput(graph, item(maker.inputs, 0))
    : inputsOf(graph).includes(id);
}

function firstOf(graph: IntGraph, host: ReadonlySet<IntNode>): string {
  return graph.nodes.find((node) => host.has(node) && belongsOnHost(node))?.kind ?? "an operator";
}

/** What a table says of single values: the accelerator has tables too, but one less where the host looks up the last values. */
function hasTable(node: IntNode): boolean {
  return node.kind === "lookup" || node.kind === "rescale";
}

/** Whether the node depends on a layer with weights. */
function followsLayer(graph: IntGraph, node: IntNode): boolean {
  const wanted = new Set(node.inputs);
  return graph.nodes.toReversed().some((other) => {
    if (!wanted.has(other.output)) return false;
    for (const id of other.inputs) wanted.add(id);
    return other.macs > 0;
  });
}

/** Whether a layer with weights depends on the node; none does on one that the accelerator could run only without it. */
function leadsToLayer(graph: IntGraph, node: IntNode): boolean {
  if (isOnLines(node)) return false;
  const reached = new Set([node.output]);
  return graph.nodes.some((other) => {
    if (!other.inputs.some((id) => reached.has(id))) return false;
    reached.add(other.output);
    return other.macs > 0;
  });
}
