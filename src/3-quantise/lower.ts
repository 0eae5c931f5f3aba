/** An already-integer graph (as TFLite's full-integer converter makes it) -> the integer graph. */
import { makesShares } from "../ir/answer.ts";
import { endProblems } from "../ir/ends.ts";
import { InputError } from "../ir/errors.ts";
import type { Problem } from "../ir/errors.ts";
import type { BinaryNode, Graph, Node, TensorId } from "../ir/graph.ts";
import { macsOf, parametersOf } from "../ir/counts.ts";
import type { IntGraph, IntNode } from "../ir/integer.ts";
import { sourceOf } from "../ir/tail.ts";
import { verifyIntegerGraph } from "../ir/verify-integer.ts";
import { mapOf } from "./context.ts";
import type { LowerContext } from "./context.ts";
import { lowerAdd } from "./operators/add.ts";
import { lowerActivation, lowerMul } from "./operators/channel-scale.ts";
import { putConstantMap } from "./operators/constant-map.ts";
import { lowerConstantOperand } from "./operators/constant-operand.ts";
import { lowerConv } from "./operators/conv.ts";
import { absorbedReshapes, lowerDense } from "./operators/dense.ts";
import { lowerKernel } from "./operators/kernel.ts";
import { lowerDepthwise } from "./operators/depthwise.ts";
import { lowerLines } from "./operators/lines.ts";
import { lowerCurve, lowerFunction, lowerLeakyRelu, lowerPower, lowerPrelu } from "./operators/lookup.ts";
import { lowerOnnxConstant } from "./operators/onnx-constant.ts";
import { lowerMean } from "./operators/mean.ts";
import { lowerPool } from "./operators/pool.ts";
import {
  lowerConcat,
  lowerInterleave,
  lowerPad,
  lowerRepeat,
  lowerRescale,
  lowerReshape,
  lowerSlice,
} from "./operators/simple.ts";
import { lowerResize } from "./operators/resize.ts";
import { lowerExtreme, lowerProduct } from "./operators/two-maps.ts";
import { elideRescales } from "./elide-rescale.ts";
import { floatStretches } from "./float-stretches.ts";
import { floatTables, lowerStretch } from "./float-tables.ts";
import { picturesOf } from "./preprocess.ts";
import { lowerTail, tailOf } from "./tail.ts";
import { unfolded, untransposed } from "./unfolded.ts";

/**
 * Prepares every multiplier, re-centres uint8, turns fully connected layers into convolutions.
 * @throws InputError with code `float-model` for a float graph, else with everything that has no integer form.
 */
export function lower(graph: Graph): IntGraph {
  const absorbed = absorbedReshapes(graph.nodes, graph.outputs);
  const producers = new Map<TensorId, Node>(graph.nodes.map((node) => [node.output, node]));
  const problems: Problem[] = [];
  const context: LowerContext = { graph, absorbed, producers, maps: new Map(), problems };
  if (isFloat(graph)) throw new InputError(floatProblems(graph));

  const [input, output] = [graph.inputs[0], graph.outputs[0]];
  const inputMap = input === undefined ? null : mapOf(context, input);
  const furtherInputs = graph.inputs.slice(1);
  for (const id of furtherInputs) mapOf(context, id);
  const nodes: IntNode[] = [];
  const ends = tailOf(graph);
  const body = graph.nodes.filter((node) => !ends.includes(node));
  const tables = floatTables({ ...graph, nodes: body });
  const inTables = new Set([...tables.values()].flatMap((stretch) => stretch.nodes));
  const others = body.filter((node) => !tables.has(node) && !inTables.has(node));
  const left = floatStretches({ ...graph, nodes: others }, problems);
  for (const node of body) {
    const stretch = tables.get(node);
    const isLowered = !absorbed.has(node) && !left.has(node) && !inTables.has(node);
    const lowered = stretch
      ? lowerStretch(node, stretch, context)
      : isLowered
        ? lowerNode(node, context)
        : null;
    if (lowered) nodes.push(lowered);
  }
  const tail = lowerTail(ends, context);
  if (problems.length > 0 || !inputMap || output === undefined) throw new InputError(problems);

  const preprocess = picturesOf(graph, inputMap);
  const total = (count: typeof macsOf, counted: readonly Node[]) =>
    counted.reduce((sum, node) => sum + count(node, graph.tensors), 0);
  const lowered = elideRescales({
    name: graph.name,
    maps: context.maps,
    nodes,
    input: inputMap.id,
    ...(furtherInputs.length > 0 && { furtherInputs }),
    logits: output,
    outputs: graph.outputs,
    ...(tail && { tail }),
    ...(graph.outputOrders && { outputOrders: graph.outputOrders }),
    ...(graph.floatInputs && { floatInputs: graph.floatInputs }),
    ...(graph.floatOutputs && { floatOutputs: graph.floatOutputs }),
    parameters: total(parametersOf, graph.nodes),
    macs: total(macsOf, body),
    ...(graph.labels && { labels: graph.labels }),
    ...(graph.arithmetic === "onnx" && { rounding: "float32" as const }),
    ...(preprocess && { preprocess }),
    ...(graph.quantisationErrors && { quantisationErrors: graph.quantisationErrors }),
  });
  const rated = sourceOf(tail, output);
  const softmax = lowered.nodes.find((node) => makesShares(node) && node.output === rated);
  const result = { ...lowered, logits: softmax?.inputs[0] ?? rated };
  verifyIntegerGraph(result);
  return result;
}

function lowerNode(node: Node, context: LowerContext): IntNode | null {
  switch (node.kind) {
    case "conv":
      return lowerConv(node, context);
    case "depthwise":
      return lowerDepthwise(node, context);
    case "dense":
      return lowerDense(node, context);
    case "average-pool":
    case "max-pool":
      return lowerPool(node, context);
    case "mean":
      return lowerMean(node, context);
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
      return lowerBinary(node, context);
    case "logistic":
    case "tanh":
    case "hard-swish":
    case "elu":
      return lowerFunction(node, context);
    case "curve":
      return lowerCurve(node, context);
    case "power":
      return lowerPower(node, context);
    case "leaky-relu":
      return lowerLeakyRelu(node, context);
    case "prelu":
      return lowerPrelu(node, context);
    case "concat":
      return lowerConcat(node, context);
    case "pad":
      return lowerPad(node, context);
    case "slice":
      return lowerSlice(node, context);
    case "repeat":
      return lowerRepeat(node, context);
    case "resize-bilinear":
      return lowerResize(node, context);
    case "interleave":
      return lowerInterleave(node, context);
    case "reshape":
      return lowerReshape(node, context);
    case "softmax":
    case "log-softmax":
    case "l2-normalization":
      return lowerLines(node, context);
    case "quantize":
      return lowerRescale(node, context);
    case "relu":
    case "relu6":
    case "relu-n1-to-1":
    case "relu-0-to-1":
    case "identity":
      return lowerActivation(node, context);
    case "kernel":
      return lowerKernel(node, context);
    case "transpose":
      context.problems.push(untransposed(node));
      return null;
    case "dequantize":
    case "lrn":
    case "arg-max":
    case "arg-min":
    case "cast":
    case "detection":
    case "batch-norm":
      return refuse(node, context);
  }
}

function lowerBinary(node: BinaryNode, context: LowerContext): IntNode | null {
  const { kind } = node;
  if (hasConstant(node, context) && !putConstantMap(node, context)) {
    const isLimit = kind === "maximum" || kind === "minimum";
    if (context.graph.arithmetic === "onnx" && !isLimit) return lowerOnnxConstant(node, context);
    return kind === "mul" ? lowerMul(node, context) : lowerConstantOperand(node, context);
  }
  switch (kind) {
    case "add":
    case "sub":
      return lowerAdd(node, context);
    case "mul":
      return lowerProduct(node, context);
    case "maximum":
    case "minimum":
      return lowerExtreme(node, kind, context);
  }
}

function hasConstant({ inputs }: Node, { graph }: LowerContext): boolean {
  return inputs.some((id) => graph.tensors.get(id)?.data !== undefined);
}

function refuse(node: Node, context: LowerContext): null {
  context.problems.push(unfolded(node, context.graph.tensors));
  return null;
}

/** Whether no map is an integer. */
function isFloat(graph: Graph): boolean {
  const ends = tailOf(graph);
  const body = graph.nodes.filter((node) => !ends.includes(node));
  const maps = [...graph.inputs, ...body.map((node) => node.output)];
  return maps.every((id) => graph.tensors.get(id)?.dtype === "float32");
}

/** That it is float, and what would stay in the way after quantisation. */
function floatProblems(graph: Graph): Problem[] {
  const float: Problem = {
    code: "float-model",
    node: graph.name,
    found: "a float32 network",
    supported: "int8 and uint8 networks",
    fix: "firebrick quantize MODEL --calibrate DIR -o FILE",
  };
  const ends = endProblems(graph.name, graph.inputs.length);
  return [float, ...ends];
}
