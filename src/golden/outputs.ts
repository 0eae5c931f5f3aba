/** What a network gives as its file has it: the outputs in their order and types. */
import { assert } from "../ir/errors.ts";
import type { OutputOrder } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { elements } from "../ir/shapes.ts";
import { ownType } from "./logits.ts";
import { mapOf, realValues } from "./maps.ts";
import type { GoldenResult } from "./run.ts";
import { runTail, type TailData } from "./tail.ts";

/** In the model's own type and order of axes, else [H, W, C]: float32 where the file dequantises the output, integers where it chooses. */
export type OutputValues = Uint8Array | Int8Array | TailData;

/** Every output of the network, in the file's order. */
export function outputsOf({ graph, maps }: Pick<GoldenResult, "graph" | "maps">): OutputValues[] {
  const tail = runTail({ graph, maps });
  return graph.outputs.map((id, index) => {
    const order = graph.outputOrders?.[index];
    const made = tail.get(id);
    if (made) return order ? inOrder(made, order) : made;
    const values = maps.get(id);
    assert(values, `output map ${id} was not made`);
    const map = mapOf(graph, id);
    const ordered = order ? inOrder(values, order) : values;
    return graph.floatOutputs?.includes(index) ? realValues(map, ordered) : ownType(map, ordered);
  });
}

/** The values as the model has them. */
function inOrder<Values extends Int8Array | TailData>(values: Values, { axes, shape }: OutputOrder): Values {
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  let places = [0];
  for (const axis of axes) {
    const [size, stride] = [item(shape, axis), item(strides, axis)];
    places = places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * stride));
  }
  assert(places.length === values.length, "an output has as many values in any order");
  const result = values.slice() as Values;
  for (const [to, place] of places.entries()) result[to] = item<number | bigint>(values, place);
  return result;
}
