/** What a network gives as its file has it: the outputs in their order and types. */
import { assert } from "../ir/errors.ts";
import type { IntMap } from "../ir/integer.ts";
import { ownType } from "./logits.ts";
import { mapOf } from "./maps.ts";
import type { GoldenResult } from "./run.ts";

/** [H, W, C], in the model's own type: float32 where the file dequantises the output. */
export type OutputValues = Uint8Array | Int8Array | Float32Array;

/** Every output of the network, in the file's order. */
export function outputsOf({ graph, maps }: Pick<GoldenResult, "graph" | "maps">): OutputValues[] {
  return graph.outputs.map((id, index) => {
    const values = maps.get(id);
    assert(values, `output map ${id} was not made`);
    const map = mapOf(graph, id);
    return graph.floatOutputs?.includes(index) ? realValues(map, values) : ownType(map, values);
  });
}

/** Dequantize in TFLite's reference/dequantize.h: the product in double precision, rounded to float32. */
function realValues({ scale, zeroPoint }: IntMap, values: Int8Array): Float32Array {
  return Float32Array.from(values, (value) => scale * (value - zeroPoint));
}
