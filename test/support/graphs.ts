/** Graphs for tests of passes, built without a file. */
import type { DType, Graph, Node, Quantization, Tensor, TensorId } from "../../src/ir/graph.ts";

export const noPadding = { top: 0, left: 0, bottom: 0, right: 0 };
export const plainWindow = { stride: [1, 1], dilation: [1, 1], padding: noPadding } as const;

export class GraphDraft {
  readonly tensors = new Map<TensorId, Tensor>();
  readonly nodes: Node[] = [];
  readonly dtype: DType;

  constructor(dtype: DType = "float32") {
    this.dtype = dtype;
  }

  map(name: string, shape: readonly number[], quantization?: Quantization, dtype = this.dtype): TensorId {
    const id = this.tensors.size;
    this.tensors.set(id, { id, name, shape, dtype, ...(quantization && { quantization }) });
    return id;
  }

  floats(name: string, shape: readonly number[], values: readonly number[]): TensorId {
    const id = this.tensors.size;
    this.tensors.set(id, { id, name, shape, dtype: "float32", data: Float32Array.from(values) });
    return id;
  }

  int8s(name: string, shape: readonly number[], values: readonly number[]): TensorId {
    const id = this.tensors.size;
    this.tensors.set(id, {
      id,
      name,
      shape,
      dtype: "int8",
      data: Int8Array.from(values),
      quantization: whole(1, 0),
    });
    return id;
  }

  /** Adds a node; its source is its position. */
  node(node: Node): TensorId {
    this.nodes.push({ ...node, sources: [this.nodes.length] });
    return node.output;
  }

  graph(inputs: readonly TensorId[], outputs: readonly TensorId[]): Graph {
    return { name: "test", tensors: this.tensors, nodes: this.nodes, inputs, outputs };
  }
}

export function whole(scale: number, zeroPoint: number): Quantization {
  return { scales: [scale], zeroPoints: [zeroPoint], axis: 0 };
}

/** Names, kinds and sources, in order. */
export function outline(graph: Graph): string[] {
  return graph.nodes.map((node) => `${node.kind} ${node.name} ${node.sources.join("+")}`);
}
