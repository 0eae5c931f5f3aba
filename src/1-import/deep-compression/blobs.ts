/** The graph under construction: Caffe's blobs by name, tensors NHWC. */
import type { Node, Tensor, TensorData, TensorId } from "../../ir/graph.ts";

export class GraphDraft {
  readonly tensors = new Map<TensorId, Tensor>();
  readonly nodes: Node[] = [];
  /** What each blob's name means at this point of the file: layers may write over their input. */
  readonly #blobs = new Map<string, Tensor | undefined>();
  #nextId = 0;

  tensor(name: string, shape: readonly number[], data?: TensorData): Tensor {
    const tensor: Tensor = { id: this.#nextId++, name, shape, dtype: "float32", ...(data && { data }) };
    this.tensors.set(tensor.id, tensor);
    return tensor;
  }

  /** Gives a blob's name a new meaning; undefined: it is known and could not be read. */
  write(blob: string, tensor: Tensor | undefined): void {
    this.#blobs.set(blob, tensor);
  }

  knows(blob: string): boolean {
    return this.#blobs.has(blob);
  }

  read(blob: string): Tensor | undefined {
    return this.#blobs.get(blob);
  }
}
