/** What the host makes of the integer graph's maps in other types than 8 bits. */
import { item, known } from "../ir/known.ts";
import type { MapId } from "../ir/integer.ts";
import type { TailNode, TailValue } from "../ir/tail.ts";
import { argExtreme } from "./arg.ts";
import { detection } from "./detection.ts";
import { mapOf, realValues } from "./maps.ts";
import { realLayer, realNode, type Reals } from "./real-tail.ts";
import type { GoldenResult } from "./run.ts";
import { shares } from "./softmax.ts";

/** Values of the tail, in their own types. */
export type TailData = Int16Array | Int32Array | BigInt64Array | Float32Array;

/** Every value of the tail. */
export function runTail({ graph, maps }: Pick<GoldenResult, "graph" | "maps">): Map<MapId, TailData> {
  const { nodes, values } = graph.tail ?? { nodes: [], values: new Map<MapId, TailValue>() };
  const made = new Map<MapId, TailData>();
  for (const [id, { data }] of values) if (data) made.set(id, data);
  const filled = (id: MapId) => ({
    map: mapOf(graph, id),
    values: known(maps.get(id), `map ${id} was made`),
  });
  const valueOf = (id: MapId) => known(values.get(id), `value ${id} is known`);
  const dataOf = (id: MapId) => known(made.get(id), `value ${id} was made`);
  const reals = (id: MapId): Reals => ({
    shape: valueOf(id).shape,
    values: Float32Array.from(dataOf(id), Number),
  });
  const compute = (node: TailNode): ArrayLike<number | bigint> => {
    const first = item(node.inputs, 0);
    switch (node.kind) {
      case "arg-max":
      case "arg-min":
        return argExtreme(node, filled(first));
      case "softmax":
        return shares(node, filled(first), 16);
      case "detection":
        return detection(node, filled(first), filled(item(node.inputs, 1)))[node.result];
      case "copy":
        return dataOf(first);
      case "dequantize":
        return realValues(mapOf(graph, first), filled(first).values);
      case "layer":
        return realLayer(node, filled(first), valueOf(node.output).shape);
      default:
        return realNode(node, node.inputs.map(reals), valueOf(node.output).shape);
    }
  };
  for (const node of nodes) made.set(node.output, typed(valueOf(node.output).dtype, compute(node)));
  return made;
}

function typed(dtype: TailValue["dtype"], values: ArrayLike<number | bigint>): TailData {
  switch (dtype) {
    case "int16":
      return Int16Array.from(values, Number);
    case "int32":
      return Int32Array.from(values, Number);
    case "int64":
      return BigInt64Array.from(Array.from(values, BigInt));
    case "float32":
      return Float32Array.from(values, Number);
  }
}
