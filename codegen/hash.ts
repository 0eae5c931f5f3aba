import { createHash } from "node:crypto";
import type { IntGraph, IntNode } from "../src/ir/integer.ts";

/** SHA-256, hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * SHA-256 of what the accelerator computes: maps and nodes with their weights. Class names and the preparation of
 * pictures do not count, nor where the model's file lies.
 */
export function graphHash(graph: IntGraph): string {
  const { name, maps, nodes, input, logits, output } = graph;
  const content = { name, maps: [...maps.values()], nodes: nodes.map(withoutPaths), input, logits, output };
  return sha256(
    JSON.stringify(content, (_key, value: unknown) => (ArrayBuffer.isView(value) ? arrayHash(value) : value)),
  );
}

/** A kernel counts by its function. */
function withoutPaths(node: IntNode): object {
  if (node.kind !== "activation") return node;
  const { name, table } = node.kernel;
  return { ...node, kernel: { name, table } };
}

function arrayHash(array: ArrayBufferView): string {
  return sha256(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}
