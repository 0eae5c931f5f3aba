/** Invariants of the graph. Behind the importers, a broken one is a bug in a pass, never the user's fault. */
import { assert } from "./errors.ts";
import type { DType, Graph, Node, Tensor } from "./graph.ts";
import { operandsOf } from "./operands.ts";
import { elements, shapeProblems, showShape } from "./shapes.ts";

/** More values than any map or weight tensor has: such a shape would only fill the memory. */
export const MAX_ELEMENTS = 1 << 28;

class Fault extends Error {}

/**
 * What is wrong with the graph first: nodes are in topological order, names are unique, tensors exist, are stored or
 * written once, have the shapes that follow from the attributes, types agree, scales and zero points are possible. Undefined for
 * a sound graph.
 */
export function graphFault(graph: Graph): string | undefined {
  try {
    checkGraph(graph);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

/** @throws Error naming the first broken invariant. */
export function verifyGraph(graph: Graph): void {
  const fault = graphFault(graph);
  assert(fault === undefined, fault ?? "");
}

function check(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Fault(message);
}

function checkGraph(graph: Graph): void {
  for (const [id, tensor] of graph.tensors) checkTensor(id, tensor);
  const written = new Set(graph.inputs);
  const names = new Set<string>();
  for (const id of graph.inputs) {
    check(graph.tensors.get(id), `graph input ${id} does not exist`);
    check(!graph.tensors.get(id)?.data, `graph input ${id} is a constant`);
  }
  for (const node of graph.nodes) {
    check(!names.has(node.name), `two nodes are called ${node.name}`);
    names.add(node.name);
    checkOperands(node);
    for (const id of node.inputs) {
      const tensor = graph.tensors.get(id);
      check(tensor, `${node.name} reads tensor ${id}, which does not exist`);
      check(tensor.data ?? written.has(id), `${node.name} reads ${tensor.name} before it is written`);
    }
    const output = graph.tensors.get(node.output);
    check(output, `${node.name} writes tensor ${node.output}, which does not exist`);
    check(!output.data, `${node.name} writes the constant ${output.name}`);
    check(!written.has(node.output), `${output.name} is written twice`);
    written.add(node.output);
    const wrong = shapeProblems(node, graph.tensors);
    check(wrong.length === 0, `${node.name}: ${wrong.join("; ")}`);
    checkTypes(node, graph);
  }
  for (const { id, name, data } of graph.tensors.values())
    check(data ?? written.has(id), `${name} is neither stored nor written`);
  for (const id of graph.outputs) check(written.has(id), `graph output ${id} is never written`);
  checkEnds(graph);
}

function checkOperands({ inputs, kind, name }: Node): void {
  const [least, most] = operandsOf(kind);
  const wanted = least === most ? least : most === Infinity ? `${least} or more` : `${least} to ${most}`;
  check(
    inputs.length >= least && inputs.length <= most,
    `${name} has ${inputs.length} inputs, not ${wanted}`,
  );
}

/** What the graph says of its inputs and outputs beside their tensors. */
function checkEnds(graph: Graph): void {
  const { floatInputs = [], floatOutputs = [], inputAxes, inputs, outputOrders, outputs, preprocess } = graph;
  const shapeOf = (id: number | undefined) => graph.tensors.get(id ?? -1)?.shape ?? [];
  const first = shapeOf(inputs[0]);
  const axes = first.map((_, axis) => axis).join();
  check(!inputAxes || inputAxes.toSorted().join() === axes, `the input's axes are ${inputAxes?.join()}`);
  for (const [index, order] of (outputOrders ?? []).entries()) {
    const shape = shapeOf(outputs[index]);
    check(
      !order || elements(order.shape) === elements(shape),
      `output ${index} of ${showShape(shape)} is stored as ${showShape(order?.shape ?? [])}`,
    );
    const all = order?.shape.map((_, axis) => axis).join();
    check(
      !order || order.axes.toSorted((a, b) => a - b).join() === all,
      `output ${index} of ${order?.shape.length} axes has them in the order ${order?.axes.join()}`,
    );
  }
  const isIndex = (list: readonly number[]) => (index: number) => index >= 0 && index < list.length;
  check(floatInputs.every(isIndex(inputs)), `the real inputs are ${floatInputs.join()}`);
  check(floatOutputs.every(isIndex(outputs)), `the real outputs are ${floatOutputs.join()}`);
  for (const list of preprocess ? [preprocess.mean, preprocess.std] : [])
    check(
      list.every(Number.isFinite) && (list.length === 1 || list.length === first.at(-1)),
      `pictures of ${first.at(-1)} channels have ${list.join()} as mean or std`,
    );
}

function checkTensor(id: number, tensor: Tensor): void {
  check(id === tensor.id, `tensor ${tensor.id} has key ${id}`);
  check(
    tensor.shape.every((n) => Number.isInteger(n) && n > 0),
    `${tensor.name} has shape ${showShape(tensor.shape)}`,
  );
  const count = elements(tensor.shape);
  check(count <= MAX_ELEMENTS, `${tensor.name} has ${count} values, more than ${MAX_ELEMENTS}`);
  check(
    !tensor.data || tensor.data.length === count,
    `${tensor.name} holds ${tensor.data?.length} values, not ${count}`,
  );
  checkQuantization(tensor);
}

const ZERO_POINTS: Partial<Record<DType, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
};

/** The zero points that integers of a type can have, as the least and the greatest. */
export function zeroPointRange(dtype: DType | undefined): readonly [number, number] {
  return (dtype && ZERO_POINTS[dtype]) ?? [-(2 ** 31), 2 ** 31 - 1];
}

/** One scale and zero point, or one of each a channel. A scale of 0 is possible: converters write it for what is all 0. */
function checkQuantization({ name, shape, dtype, quantization }: Tensor): void {
  if (!quantization) return;
  const { scales, zeroPoints, axis } = quantization;
  const channels = scales.length === 1 ? 1 : shape[axis];
  check(
    scales.length === channels && zeroPoints.length === channels,
    `${name} has ${scales.length} scales and ${zeroPoints.length} zero points along axis ${axis} of ${showShape(shape)}`,
  );
  const wrong = scales.find((scale) => !Number.isFinite(scale) || scale < 0);
  check(wrong === undefined, `${name} has scale ${wrong}`);
  const [low, high] = zeroPointRange(dtype);
  const outside = zeroPoints.find((zero) => !Number.isInteger(zero) || zero < low || zero > high);
  check(outside === undefined, `${name} has zero point ${outside}, outside of ${low} to ${high}`);
}

/** Types of inputs relative to the output; weights and biases of integer layers have their own. */
function checkTypes(node: Node, graph: Graph): void {
  const type = (id: number | undefined) => (id === undefined ? undefined : graph.tensors.get(id)?.dtype);
  const output = type(node.output);
  const expect = (input: number, wanted: DType | undefined) => {
    const found = type(node.inputs[input]);
    check(found === undefined || found === wanted, `${node.name}: input ${input} is ${found}, not ${wanted}`);
  };
  switch (node.kind) {
    case "conv":
    case "depthwise":
      expect(0, output);
      expect(1, output);
      expect(2, output === "float32" ? "float32" : "int32");
      break;
    case "dense":
      // sums of integers may stay real
      if (output !== "float32") expect(0, output);
      expect(1, type(node.inputs[0]));
      expect(2, type(node.inputs[0]) === "float32" ? "float32" : "int32");
      break;
    case "prelu":
      // ONNX's slopes stay floats between pairs of QuantizeLinear and DequantizeLinear
      expect(0, output);
      if (type(node.inputs[1]) !== "float32") expect(1, output);
      break;
    case "detection":
      check(output === "float32", `${node.name} makes ${output}`);
      break;
    case "batch-norm":
      expect(0, "float32");
      break;
    case "quantize":
      check(output !== "float32", `${node.name} quantises to float32`);
      break;
    case "dequantize":
      check(output === "float32", `${node.name} dequantises to ${output}`);
      break;
    case "arg-max":
    case "arg-min":
    case "cast":
      check(output === "int32" || output === "int64" || output === "float32", `${node.name} makes ${output}`);
      break;
    case "average-pool":
    case "max-pool":
    case "mean":
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
    case "logistic":
    case "tanh":
    case "hard-swish":
    case "elu":
    case "curve":
    case "power":
    case "leaky-relu":
    case "lrn":
    case "relu-0-to-1":
    case "relu":
    case "relu6":
    case "kernel":
    case "relu-n1-to-1":
    case "identity":
    case "pad":
    case "slice":
    case "repeat":
    case "resize-bilinear":
    case "transpose":
    case "interleave":
    case "concat":
    case "reshape":
    case "softmax":
      if (output !== "int16") expect(0, output);
      break;
    case "log-softmax":
    case "l2-normalization":
      for (const i of node.inputs.keys()) expect(i, output);
      break;
  }
}
