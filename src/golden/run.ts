import { assert } from "../ir/errors.ts";
import { inputsOf, type IntGraph, type IntNode, type MapId } from "../ir/integer.ts";
import { activation } from "./activation.ts";
import { binary } from "./binary.ts";
import { floatAdd } from "./float-add.ts";
import { floatLayer } from "./float-layer.ts";
import { floatMean } from "./float-mean.ts";
import { floatMul } from "./float-mul.ts";
import { floatPool } from "./float-pool.ts";
import { floatResize } from "./float-resize.ts";
import { concat } from "./concat.ts";
import { conv } from "./conv.ts";
import { depthwise } from "./depthwise.ts";
import type { Filled } from "./maps.ts";
import { mapOf, sizeOf } from "./maps.ts";
import { l2Normalization } from "./l2-normalization.ts";
import { logSoftmax } from "./log-softmax.ts";
import { lookup } from "./lookup.ts";
import { mean } from "./mean.ts";
import { interleave, repeat, slice } from "./move.ts";
import { pad } from "./pad.ts";
import { pool } from "./pool.ts";
import { rescale } from "./rescale.ts";
import { blend, resize } from "./resize.ts";
import { reshape } from "./reshape.ts";
import { softmax } from "./softmax.ts";

export interface GoldenResult {
  readonly graph: IntGraph;
  /** Values of every map, [H, W, C], re-centred int8. */
  readonly maps: ReadonlyMap<MapId, Int8Array>;
}

/**
 * Runs the integer graph on one input, exactly as TFLite's reference kernels with double rounding
 * would, or with the rounding that the graph states.
 * `input`: the input map's values, [H, W, C], re-centred int8; those of several inputs one behind the other.
 */
export function runGolden(graph: IntGraph, input: Int8Array): GoldenResult {
  return runNodes(graph, graph.nodes, inputMaps(graph, input));
}

/** The input maps of an input. */
export function inputMaps(graph: IntGraph, input: Int8Array): Map<MapId, Int8Array> {
  let at = 0;
  const maps = inputsOf(graph).map((id): [MapId, Int8Array] => {
    const from = at;
    at += sizeOf(mapOf(graph, id));
    return [id, input.subarray(from, at)];
  });
  assert(input.length === at, `the input of ${graph.name} has the wrong size`);
  return new Map(maps);
}

/** Runs some of the graph's nodes, in order, behind what made the maps `given`. */
export function runNodes(
  graph: IntGraph,
  nodes: readonly IntNode[],
  given: ReadonlyMap<MapId, Int8Array>,
): GoldenResult {
  const maps = new Map(given);
  for (const node of nodes) maps.set(node.output, runNode(graph, node, maps));
  return { graph, maps };
}

/** The output of one node, given the values of its inputs. */
export function runNode(graph: IntGraph, node: IntNode, maps: ReadonlyMap<MapId, Int8Array>): Int8Array {
  const inputs = node.inputs.map((id): Filled => {
    const map = mapOf(graph, id);
    const values = map.values ?? maps.get(id);
    assert(values, `${node.name} reads map ${id} before it is written`);
    return { map, values };
  });
  const [first, second] = inputs;
  assert(first, `${node.name} has no input`);
  const output = mapOf(graph, node.output);
  const { rounding } = graph;
  switch (node.kind) {
    case "conv":
      if (node.floats) return floatLayer(node, node.floats, first, output);
      return conv(node, first, output, rounding);
    case "depthwise":
      if (node.floats) return floatLayer(node, node.floats, first, output);
      return depthwise(node, first, output, rounding);
    case "average-pool":
    case "max-pool":
      return pool(node, first, output);
    case "mean":
      if (node.floats) return floatMean(node, first, output);
      return mean(node, first, output, rounding);
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
      assert(second, `${node.name} has one input`);
      return binary(node, first, second, output);
    case "float-add":
      assert(second, `${node.name} has one input`);
      return floatAdd(node, first, second, output);
    case "float-mul":
      assert(second, `${node.name} has one input`);
      return floatMul(node, first, second, output);
    case "float-average-pool":
      return floatPool(node, first, output);
    case "concat":
      return concat(node, inputs, output, rounding);
    case "activation":
      return activation(node, first);
    case "lookup":
      return lookup(node, first);
    case "pad":
      return pad(node, first, output);
    case "slice":
      return slice(node, first, output);
    case "repeat":
      return repeat(node, first, output);
    case "resize-bilinear":
      if (node.floats) return floatResize(node, first, output);
      return resize(node, first, output, rounding);
    case "blend":
      return blend(node, first, output);
    case "interleave":
      return interleave(node, inputs, output);
    case "reshape":
      return reshape(node, first, output);
    case "rescale":
      return rescale(node, first, output, rounding);
    case "softmax":
      return softmax(node, first, output);
    case "log-softmax":
      return logSoftmax(node, first, output);
    case "l2-normalization":
      return l2Normalization(first);
  }
}
