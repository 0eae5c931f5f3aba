/** What the host makes of the integer graph's maps in other types than 8 bits. */
import { assert } from "../ir/errors.ts";
import { item, known } from "../ir/known.ts";
import type { MapId } from "../ir/integer.ts";
import type { TailNode, TailValue } from "../ir/tail.ts";
import { argExtreme } from "./arg.ts";
import { detection } from "./detection.ts";
import { mapOf } from "./maps.ts";
import type { GoldenResult } from "./run.ts";
import { shares } from "./softmax.ts";

/** Values of the tail, in their own types. */
export type TailData = Int16Array | Int32Array | BigInt64Array | Float32Array;

/** Every value of the tail. */
export function runTail({ graph, maps }: Pick<GoldenResult, "graph" | "maps">): Map<MapId, TailData> {
  const made = new Map<MapId, TailData>();
  const { nodes, values } = graph.tail ?? { nodes: [], values: new Map<MapId, TailValue>() };
  const filled = (id: MapId) => {
    const list = maps.get(id);
    assert(list, `map ${id} was not made`);
    return { map: mapOf(graph, id), values: list };
  };
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
        return known(made.get(first), `value ${first} was not made`);
    }
  };
  for (const node of nodes) {
    const { dtype } = known(values.get(node.output), `${node.name} makes a value`);
    made.set(node.output, typed(dtype, compute(node)));
  }
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
