import type { IntGraph, IntNode } from "../src/ir/integer.ts";
import { bytesOf } from "../src/platform/bytes.ts";
import { sha256Hex } from "../src/platform/content-hash.ts";

/**
 * SHA-256 of what the accelerator computes: maps and nodes with their weights. Class names and the preparation of
 * pictures do not count, nor where the model's file lies.
 */
export function graphHash(graph: IntGraph): string {
  const { name, maps, nodes, input, logits, outputs } = graph;
  const content = { name, maps: [...maps.values()], nodes: nodes.map(withoutPaths), input, logits, outputs };
  return sha256Hex(
    JSON.stringify(content, (_key, value: unknown) =>
      ArrayBuffer.isView(value) ? sha256Hex(bytesOf(value)) : value,
    ),
  );
}

/** A kernel counts by its function. */
function withoutPaths(node: IntNode): object {
  if (node.kind !== "activation") return node;
  const { name, table } = node.kernel;
  return { ...node, kernel: { name, table } };
}
