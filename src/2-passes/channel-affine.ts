/** Normalisation, and arithmetic with constants, as one factor and one summand a channel. */
import type { BatchNormNode, BinaryNode, Graph, Tensor, TensorId } from "../ir/graph.ts";
import { item } from "../ir/known.ts";

/** y = x * scale[k] + offset[k]. */
export interface Affine {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** The node over `map`, of `channels` channels; undefined where its constants are other than one for all or one a channel. */
export function channelAffine(
  graph: Graph,
  node: BatchNormNode | BinaryNode,
  map: TensorId,
  channels: number,
): Affine | undefined {
  const all = (value: number) => Array.from({ length: channels }, () => value);
  if (node.kind === "batch-norm") {
    const scale = perChannel(graph.tensors.get(node.inputs[1] ?? -1), channels);
    const offset = perChannel(graph.tensors.get(node.inputs[2] ?? -1), channels);
    return scale && offset && { scale, offset };
  }
  const mapIsFirst = node.inputs[0] === map;
  const constant = perChannel(graph.tensors.get(node.inputs[mapIsFirst ? 1 : 0] ?? -1), channels);
  if (!constant) return undefined;
  if (node.kind === "mul") return { scale: constant, offset: all(0) };
  if (node.kind === "add") return { scale: all(1), offset: constant };
  if (mapIsFirst) return { scale: all(1), offset: constant.map((c) => -c) };
  return { scale: all(-1), offset: constant };
}

/** A float constant as one value a channel: stored once, or along the last dimension. */
function perChannel(tensor: Tensor | undefined, channels: number): number[] | undefined {
  const data = tensor?.data;
  if (!tensor || !(data instanceof Float32Array)) return undefined;
  if (data.length === 1) return Array.from({ length: channels }, () => item(data, 0));
  return data.length === channels && tensor.shape.at(-1) === channels ? Array.from(data) : undefined;
}
