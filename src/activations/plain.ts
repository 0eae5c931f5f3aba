/** Graphs as data that a thread can be given: without the functions that shipped kernels stand for, and with them again. */
import { isShipped, type ActivationKernel } from "../ir/activation-kernel.ts";
import type { Graph } from "../ir/graph.ts";
import type { IntGraph } from "../ir/integer.ts";
import { shippedKernels } from "./shipped.ts";

/** The golden model reads a kernel's table alone: an integer graph needs no way back. */
export function withoutFunctions(graph: IntGraph): IntGraph {
  const nodes = graph.nodes.map((node) =>
    node.kind === "activation" ? { ...node, kernel: { ...node.kernel, real: null } } : node,
  );
  return { ...graph, nodes };
}

export function floatWithoutFunctions(graph: Graph): Graph {
  return withKernels(graph, (kernel) => ({ ...kernel, real: null }));
}

/** A graph from `floatWithoutFunctions`, as it was. */
export function withFunctions(graph: Graph): Graph {
  return withKernels(graph, (kernel) => {
    const { spec } = kernel;
    return { ...kernel, real: isShipped(spec) ? shippedKernels[spec].real : null };
  });
}

function withKernels(graph: Graph, change: (kernel: ActivationKernel) => ActivationKernel): Graph {
  const nodes = graph.nodes.map((node) =>
    node.kind === "kernel" ? { ...node, kernel: change(node.kernel) } : node,
  );
  return { ...graph, nodes };
}
