import type { Graph } from "../ir/graph.ts";

/** One rewriting of the graph. Returns the very same object when there was nothing to do. */
export interface Pass {
  readonly name: string;
  readonly description: string;
  run(graph: Graph): Graph;
}
