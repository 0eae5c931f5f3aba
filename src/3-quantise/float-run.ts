/** Float32 reference of every operator: what the network computes before it is quantised. */
import { assert } from "../ir/errors.ts";
import type { Graph, Node, TensorId } from "../ir/graph.ts";
import { realCurve } from "../ir/curve.ts";
import { elements } from "../ir/shapes.ts";
import { floatConv, floatDense } from "./float/conv.ts";
import { floatDepthwise } from "./float/depthwise.ts";
import {
  activate,
  binary,
  channelAffine,
  kernel,
  leakyRelu,
  powerOf,
  REAL_FUNCTIONS,
  responseNormalisation,
} from "./float/elementwise.ts";
import {
  concat,
  inOrder,
  interleave,
  mean,
  pad,
  padChannels,
  repeat,
  slice,
  transpose,
} from "./float/maps.ts";
import type { Floats } from "./float/maps.ts";
import { l2Normalised, logSoftmax, softmax } from "./float/lines.ts";
import { pool } from "./float/pool.ts";
import { resizeBilinear } from "./float/resize.ts";

/**
 * Runs a float32 graph of one input with N = 1. `input`: its values, NHWC.
 * Returns the values of the input and of every node's output, NHWC. Sums are kept in double precision and rounded to
 * float32 once, so the result differs from a framework's by its own rounding only.
 * @throws Error for integer tensors, which have no place in a float network.
 */
export function runFloat(graph: Graph, input: Float32Array): Map<TensorId, Float32Array> {
  const [id] = graph.inputs;
  assert(id !== undefined && graph.inputs.length === 1, `${graph.name} has one input`);
  const wanted = elements(graph.tensors.get(id)?.shape ?? []);
  assert(input.length === wanted, `the input of ${graph.name} has ${input.length} values, not ${wanted}`);
  const values = new Map<TensorId, Float32Array>([[id, input]]);
  for (const node of graph.nodes) values.set(node.output, runFloatNode(graph, node, values));
  return values;
}

/** The output of one node, given the values of the maps that it reads. */
export function runFloatNode(
  graph: Graph,
  node: Node,
  values: ReadonlyMap<TensorId, Float32Array>,
): Float32Array {
  const inputs = node.inputs.map((id): Floats => {
    const tensor = graph.tensors.get(id);
    const data = values.get(id) ?? tensor?.data;
    assert(tensor && data instanceof Float32Array, `${node.name} reads float32 values in tensor ${id}`);
    return { shape: tensor.shape, values: data };
  });
  const [first, second, third] = inputs;
  const output = graph.tensors.get(node.output);
  assert(first && output, `${node.name} has an input and an output`);
  const size = elements(output.shape);
  switch (node.kind) {
    case "conv":
      assert(second, `${node.name} has weights`);
      return activate(floatConv(node, first, second, third?.values, output.shape), node.activation);
    case "depthwise":
      assert(second, `${node.name} has weights`);
      return activate(floatDepthwise(node, first, second, third?.values, output.shape), node.activation);
    case "dense":
      assert(second, `${node.name} has weights`);
      return activate(floatDense(first, second, third?.values), node.activation);
    case "average-pool":
    case "max-pool":
      return activate(pool(node, first, output.shape), node.activation);
    case "mean":
      return mean(first, node.axes);
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
      assert(second, `${node.name} has two inputs`);
      return activate(binary(node.kind, first, second, output.shape), node.activation);
    case "relu":
    case "relu6":
    case "relu-n1-to-1":
    case "relu-0-to-1":
      return activate(Float32Array.from(first.values), node.kind);
    case "logistic":
    case "tanh":
    case "hard-swish":
    case "elu":
      return first.values.map(REAL_FUNCTIONS[node.kind]);
    case "curve":
      return first.values.map(realCurve(node.curve));
    case "power":
      return first.values.map((x) => powerOf(node, x));
    case "leaky-relu":
      return leakyRelu(first.values, Float32Array.of(node.alpha));
    case "prelu":
      assert(second, `${node.name} has slopes`);
      return leakyRelu(first.values, second.values);
    case "lrn":
      return responseNormalisation(first, node);
    case "kernel":
      return kernel(first.values, node.kernel);
    case "pad":
      return pad(
        node.channels ? padChannels(first, node.channels, node.value ?? 0) : first,
        node.padding,
        node.value ?? 0,
      );
    case "slice":
      return slice(first, node, output.shape);
    case "repeat":
      return repeat(first, node.factor);
    case "resize-bilinear":
      return resizeBilinear(first, node, output.shape);
    case "transpose":
      return transpose(first, node.perm);
    case "interleave":
      return interleave(inputs, node.factor);
    case "concat":
      return activate(inOrder(concat(inputs, node.axis, size), node.order), node.activation);
    case "identity":
    case "reshape":
      return first.values;
    case "softmax":
      return softmax(first, node.beta, node.axes);
    case "log-softmax":
      return logSoftmax(first, node.axes);
    case "l2-normalization":
      return l2Normalised(first);
    case "batch-norm":
      assert(second && third, `${node.name} has a scale and an offset`);
      return channelAffine(first, second.values, third.values);
    case "arg-max":
    case "arg-min":
    case "cast":
    case "detection":
    case "quantize":
    case "dequantize":
      throw new Error(`internal error: ${node.name} is a ${node.kind} in a float network`);
  }
}
