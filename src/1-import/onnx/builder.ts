/** The graph under construction. */
import type { DType, Node, Quantization, Tensor, TensorData, TensorId } from "../../ir/graph.ts";
import type { Shape } from "../../ir/shapes.ts";
import type { QuantizedData } from "./values.ts";

/** Of all constants that the network computes; keeps a file of a few bytes from asking for gigabytes. */
const MOST_COMPUTED = 2 ** 28;

export class GraphBuilder {
  readonly tensors = new Map<TensorId, Tensor>();
  readonly nodes: Node[] = [];
  /** Integers behind a constant that DequantizeLinear made, by the id of the float tensor. */
  readonly integers = new Map<TensorId, Tensor>();
  #nextId = 0;
  #computed = 0;

  map(name: string, shape: Shape, dtype: DType, quantization?: Quantization): Tensor {
    return this.#add({ name, shape, dtype, ...(quantization && { quantization }) });
  }

  constant(name: string, shape: Shape, dtype: DType, data: TensorData, quantization?: Quantization): Tensor {
    return this.#add({ name, shape, dtype, data, ...(quantization && { quantization }) });
  }

  /** A float constant whose integers the fusing of quantised layers can go back to. */
  dequantized(name: string, shape: Shape, data: Float32Array, integers: QuantizedData): Tensor {
    const tensor = this.constant(name, shape, "float32", data);
    this.integers.set(tensor.id, this.#integerTensor(name, shape, integers));
    return tensor;
  }

  quantizedConstant(name: string, shape: Shape, integers: QuantizedData): Tensor {
    const tensor = this.#integerTensor(name, shape, integers);
    this.tensors.set(tensor.id, tensor);
    return tensor;
  }

  /** Takes so many elements from what constants that the network computes may have; false where too few are left. */
  spend(elements: number): boolean {
    if (this.#computed + elements > MOST_COMPUTED) return false;
    this.#computed += elements;
    return true;
  }

  /** States the scale of a tensor that had none, such as a quantised input of the network. */
  quantize(id: TensorId, quantization: Quantization): void {
    const tensor = this.tensors.get(id);
    if (tensor) this.tensors.set(id, { ...tensor, quantization });
  }

  #integerTensor(
    name: string,
    shape: Shape,
    { dtype, data, scales, zeroPoints, axis }: QuantizedData,
  ): Tensor {
    return { id: this.#nextId++, name, shape, dtype, data, quantization: { scales, zeroPoints, axis } };
  }

  #add(tensor: Omit<Tensor, "id">): Tensor {
    const added = { ...tensor, id: this.#nextId++ };
    this.tensors.set(added.id, added);
    return added;
  }
}
