/** Activation tensors that must share scale and zero point, because what lies between them moves values only. */
import type { Graph, Node, TensorId } from "../../ir/graph.ts";

export interface ScaleGroup {
  readonly tensors: readonly TensorId[];
  /** Those whose values other operators or the user see; the others only hand theirs on. */
  readonly seen: readonly TensorId[];
}

/** Pools, the larger of two maps, concatenation, padding and reshaping keep scale and zero point: a Fire module's concat is channel order only. */
export function keepsScale(node: Node): boolean {
  switch (node.kind) {
    case "max-pool":
    case "average-pool":
    case "concat":
    case "pad":
    case "slice":
    case "repeat":
    case "resize-bilinear":
    case "interleave":
    case "transpose":
    case "reshape":
    case "identity":
    case "maximum":
    case "minimum":
      return true;
    case "conv":
    case "depthwise":
    case "dense":
    case "mean":
    case "add":
    case "sub":
    case "mul":
    case "relu":
    case "relu6":
    case "relu-n1-to-1":
    case "logistic":
    case "tanh":
    case "hard-swish":
    case "elu":
    case "curve":
    case "power":
    case "leaky-relu":
    case "prelu":
    case "lrn":
    case "relu-0-to-1":
    case "kernel":
    case "softmax":
    case "log-softmax":
    case "l2-normalization":
    case "arg-max":
    case "arg-min":
    case "cast":
    case "detection":
    case "quantize":
    case "dequantize":
    case "batch-norm":
      return false;
  }
}

/** The groups of all maps, in the order of their first map. */
export function scaleGroups(graph: Graph): ScaleGroup[] {
  const leader = new Map<TensorId, TensorId>();
  const find = (id: TensorId): TensorId => {
    const next = leader.get(id) ?? id;
    return next === id ? id : find(next);
  };
  const isMap = (id: TensorId) => graph.tensors.get(id)?.data === undefined;
  for (const node of graph.nodes) {
    if (!keepsScale(node)) continue;
    for (const id of node.inputs.filter(isMap)) leader.set(find(id), find(node.output));
  }
  const groups = new Map<TensorId, TensorId[]>();
  for (const id of [...graph.inputs, ...graph.nodes.map((node) => node.output)]) {
    groups.set(find(id), [...(groups.get(find(id)) ?? []), id]);
  }
  const seen = (id: TensorId) =>
    graph.outputs.includes(id) || graph.nodes.some((node) => !keepsScale(node) && node.inputs.includes(id));
  return [...groups.values()].map((tensors) => ({ tensors, seen: tensors.filter(seen) }));
}
