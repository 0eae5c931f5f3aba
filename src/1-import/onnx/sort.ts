/** Operators in an order in which each stands behind those whose results it reads. */
import { item } from "../../ir/known.ts";
import type { FileNode } from "./file.ts";

export interface Sorted {
  /** In topological order, and in the file's where that is one. */
  readonly nodes: readonly FileNode[];
  /** Those that read, directly or through others, what they make themselves; they are among the nodes. */
  readonly cyclic: ReadonlySet<FileNode>;
}

/** Depth first from each operator in the file's order: the operators that make its inputs, then itself. */
export function inOrder(nodes: readonly FileNode[]): Sorted {
  const makers = new Map<string, FileNode>();
  for (const node of nodes) {
    for (const output of node.output) if (output !== "" && !makers.has(output)) makers.set(output, node);
  }
  const state = new Map<FileNode, "open" | "done">();
  const sorted: FileNode[] = [];
  const cyclic = new Set<FileNode>();
  for (const first of nodes) {
    if (state.has(first)) continue;
    const path: { readonly node: FileNode; next: number }[] = [{ node: first, next: 0 }];
    state.set(first, "open");
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { node } = top;
      if (top.next === node.input.length) {
        state.set(node, "done");
        sorted.push(node);
        path.pop();
        continue;
      }
      const maker = makers.get(item(node.input, top.next++));
      if (!maker || state.get(maker) === "done") continue;
      if (state.get(maker) === "open") {
        const start = path.findIndex((step) => step.node === maker);
        for (const step of path.slice(start)) cyclic.add(step.node);
      } else {
        state.set(maker, "open");
        path.push({ node: maker, next: 0 });
      }
    }
  }
  return { nodes: sorted, cyclic };
}
