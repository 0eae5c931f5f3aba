import { assert } from "../ir/errors.ts";
import type { IntGraph, IntMap, IntNode } from "../ir/integer.ts";

/** Every map that the accelerator computes, with its node: not what only changes shape, nor the host's softmax. */
export function computedMaps(graph: IntGraph): readonly { readonly node: IntNode; readonly map: IntMap }[] {
  return graph.nodes.flatMap((node) => {
    if (node.kind === "reshape" || node.kind === "softmax") return [];
    const map = graph.maps.get(node.output);
    assert(map !== undefined, `${node.name} writes no map`);
    return [{ node, map }];
  });
}
