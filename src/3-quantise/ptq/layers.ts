/** Layers with weights, and which channels each of their weights joins. */
import { assert } from "../../ir/errors.ts";
import type { ConvNode, DenseNode, DepthwiseNode, Graph, Node, Tensor, TensorId } from "../../ir/graph.ts";

export type Layer = ConvNode | DepthwiseNode | DenseNode;

export interface FloatLayer {
  readonly node: Layer;
  readonly weights: Float32Array;
  readonly weightsTensor: Tensor;
  /** Zeros when the layer has none. */
  readonly bias: Float32Array;
  /** Output channel of every weight. */
  readonly outputOf: Int32Array;
  /** Input channel of every weight: index along the input's last dimension. */
  readonly inputOf: Int32Array;
  readonly outputs: number;
  readonly inputs: number;
}

export function isLayer(node: Node): node is Layer {
  return node.kind === "conv" || node.kind === "depthwise" || node.kind === "dense";
}

export function tensorOf(graph: Graph, id: TensorId | undefined): Tensor {
  const tensor = id === undefined ? undefined : graph.tensors.get(id);
  assert(tensor, `${graph.name} has no tensor ${id}`);
  return tensor;
}

/** The layer's float weights and bias. */
export function floatLayer(graph: Graph, node: Layer): FloatLayer {
  const weightsTensor = tensorOf(graph, node.inputs[1]);
  const weights = weightsTensor.data;
  const outputs = tensorOf(graph, node.output).shape.at(-1) ?? 1;
  const inputs = tensorOf(graph, node.inputs[0]).shape.at(-1) ?? 1;
  const bias =
    node.inputs[2] === undefined ? new Float32Array(outputs) : tensorOf(graph, node.inputs[2]).data;
  assert(weights instanceof Float32Array && bias instanceof Float32Array, `${node.name} has float weights`);
  const outputOf = new Int32Array(weights.length);
  const inputOf = new Int32Array(weights.length);
  const perOutput = weights.length / outputs;
  for (let i = 0; i < weights.length; i++) {
    if (node.kind === "depthwise") {
      outputOf[i] = i % outputs;
      inputOf[i] = Math.floor((i % outputs) / node.multiplier);
      continue;
    }
    const k = Math.floor(i / perOutput);
    outputOf[i] = k;
    if (node.kind === "dense") inputOf[i] = (i % perOutput) % inputs;
    else {
      const perGroup = inputs / node.groups;
      inputOf[i] = (i % perGroup) + Math.floor((k * node.groups) / outputs) * perGroup;
    }
  }
  return { node, weights, weightsTensor, bias, outputOf, inputOf, outputs, inputs };
}

/** The graph with other weights and biases for one layer; both get tensors of their own. */
export function withWeights(graph: Graph, node: Layer, weights: Float32Array, bias: Float32Array): Graph {
  const free = Math.max(...graph.tensors.keys()) + 1;
  const old = tensorOf(graph, node.inputs[1]);
  const name = node.inputs[2] === undefined ? `${node.name}/bias` : tensorOf(graph, node.inputs[2]).name;
  const tensors = new Map(graph.tensors);
  tensors.set(free, { ...old, id: free, data: weights });
  tensors.set(free + 1, { id: free + 1, name, shape: [bias.length], dtype: "float32", data: bias });
  const changed: Layer = { ...node, inputs: [node.inputs[0] ?? -1, free, free + 1] };
  const nodes = graph.nodes.map((other) => (other === node ? changed : other));
  const used = new Set(nodes.flatMap((other) => other.inputs));
  for (const id of node.inputs.slice(1)) if (!used.has(id)) tensors.delete(id);
  return { ...graph, nodes, tensors };
}
