/** The passes in their order; this is the only place that has one. */
import { assert } from "../ir/errors.ts";
import type { Graph } from "../ir/graph.ts";
import { printGraph } from "../ir/print.ts";
import { verifyGraph } from "../ir/verify.ts";
import { bytesOf } from "../platform/bytes.ts";
import { sha256Hex } from "../platform/content-hash.ts";
import { chooseEarly } from "./choose-early.ts";
import { deadNodes } from "./dead-nodes.ts";
import { dequantizeLast } from "./dequantize-last.ts";
import { foldActivation } from "./fold-activation.ts";
import { foldBatchNorm } from "./fold-batch-norm.ts";
import { foldConstants } from "./fold-constants.ts";
import { foldPad } from "./fold-pad.ts";
import type { Pass } from "./pass.ts";
import { quantizeEdges } from "./quantize-edges.ts";
import { recogniseCurves } from "./recognise-curves.ts";
import { recogniseKernels } from "./recognise-kernels.ts";
import { removeIdentity } from "./remove-identity.ts";

export const PASSES: readonly Pass[] = [
  dequantizeLast, // before the operators that look through a dequantisation
  chooseEarly, // before what it leaves without readers goes
  deadNodes, // before the others: an unused reader would keep the others from folding
  removeIdentity,
  quantizeEdges,
  recogniseCurves,
  recogniseKernels, // before layers take a part of what makes a kernel
  foldBatchNorm, // before the activation that follows the normalisation
  foldConstants, // what no layer in front could take
  foldActivation,
  foldPad,
];

/**
 * Runs every pass and verifies the graph before the first and after each that changed it.
 * `observe` sees the graph after each pass that changed it.
 * @throws Error where a pass breaks an invariant or lies about having changed the graph.
 */
export function runPasses(
  graph: Graph,
  observe?: (pass: Pass, graph: Graph) => void,
  passes: readonly Pass[] = PASSES,
): Graph {
  verifyGraph(graph);
  let current = graph;
  let print = fingerprint(current);
  for (const pass of passes) {
    const next = pass.run(current);
    const after = fingerprint(next);
    if (next === current) {
      assert(after === print, `pass ${pass.name} changed the graph in place`);
      continue;
    }
    assert(after !== print, `pass ${pass.name} made a new graph without a change`);
    verifyGraph(next);
    observe?.(pass, next);
    current = next;
    print = after;
  }
  return current;
}

/** Structure and constants. */
function fingerprint(graph: Graph): string {
  const structure = JSON.stringify([graph.inputs, graph.outputs]);
  const operands = graph.nodes.map((node) => JSON.stringify([node.sources, node.inputs]));
  const constants = [...graph.tensors.values()].flatMap(({ data }) => (data ? [bytesOf(data)] : []));
  return sha256Hex(printGraph(graph), structure, ...operands, ...constants);
}
