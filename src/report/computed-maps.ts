import { assert } from "../ir/errors.ts";
import type { IntGraph, IntMap, IntNode } from "../ir/integer.ts";

/** Every map that the accelerator computes, with its node: not what only changes shape, nor what the host makes of lines. */
export function computedMaps(graph: IntGraph): readonly { readonly node: IntNode; readonly map: IntMap }[] {
  return graph.nodes.flatMap((node) => {
    if (["reshape", "softmax", "log-softmax", "l2-normalization"].includes(node.kind)) return [];
    const map = graph.maps.get(node.output);
    assert(map !== undefined, `${node.name} writes no map`);
    return [{ node, map }];
  });
}
