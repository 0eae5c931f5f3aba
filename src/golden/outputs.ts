/** What a network gives as its file has it: the outputs in their order and types. */
import { assert } from "../ir/errors.ts";
import type { IntMap, OutputOrder } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { elements } from "../ir/shapes.ts";
import { ownType } from "./logits.ts";
import { mapOf } from "./maps.ts";
import type { GoldenResult } from "./run.ts";

/** In the model's own type and order of axes, else [H, W, C]: float32 where the file dequantises the output. */
export type OutputValues = Uint8Array | Int8Array | Float32Array;

/** Every output of the network, in the file's order. */
export function outputsOf({ graph, maps }: Pick<GoldenResult, "graph" | "maps">): OutputValues[] {
  return graph.outputs.map((id, index) => {
    const values = maps.get(id);
    assert(values, `output map ${id} was not made`);
    const map = mapOf(graph, id);
    const order = graph.outputOrders?.[index];
    const ordered = order ? inOrder(values, order) : values;
    return graph.floatOutputs?.includes(index) ? realValues(map, ordered) : ownType(map, ordered);
  });
}

/** The values as the model has them. */
function inOrder(values: Int8Array, { axes, shape }: OutputOrder): Int8Array {
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  let places = [0];
  for (const axis of axes) {
    const [size, stride] = [item(shape, axis), item(strides, axis)];
    places = places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * stride));
  }
  assert(places.length === values.length, "an output has as many values in any order");
  return Int8Array.from(places, (place) => item(values, place));
}

/** Dequantize in TFLite's reference/dequantize.h: the product in double precision, rounded to float32. */
function realValues({ scale, zeroPoint }: IntMap, values: Int8Array): Float32Array {
  return Float32Array.from(values, (value) => scale * (value - zeroPoint));
}
