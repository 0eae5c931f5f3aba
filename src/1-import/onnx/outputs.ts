/** In which order the values of an output lie. */
import type { OutputOrder, Tensor } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { elements } from "../../ir/shapes.ts";
import type { Shape } from "../../ir/shapes.ts";
import type { GraphBuilder } from "./builder.ts";
import { orderOf } from "./layout.ts";
import { CHANNELS_FIRST, elementOrder, isIdentity } from "./values.ts";
import type { MapValue } from "./values.ts";

/** Places of the axes behind the batch. */
const ORDERS: readonly (readonly number[])[] = [
  CHANNELS_FIRST,
  [0, 3, 2, 1],
  [0, 2, 1, 3],
  [0, 2, 3, 1],
  [0, 1, 3, 2],
];

/** Null where the values lie in ONNX's order; undefined where they lie in no order of the axes of a map. */
export function outputOrderOf(value: MapValue, builder: GraphBuilder): OutputOrder | null | undefined {
  const order = orderOf(value);
  if (isIdentity(order)) return null;
  const shape = mapBehind(value.tensor, builder);
  const axes =
    shape &&
    ORDERS.find((places) => {
      const sizes = places.map((place) => item(shape, place));
      return elementOrder(sizes, places).every((index, place) => index === order[place]);
    });
  return shape && axes && { shape, axes };
}

/** [1, H, W, C] of the nearest map with as many values that an output is made of. */
function mapBehind(tensor: Tensor, builder: GraphBuilder): Shape | undefined {
  if (tensor.shape.length === 4 && tensor.shape[0] === 1) return tensor.shape;
  const maker = builder.nodes.find(({ output }) => output === tensor.id);
  const source = maker && builder.tensors.get(item(maker.inputs, 0));
  const isAlike = source && elements(source.shape) === elements(tensor.shape);
  return isAlike ? mapBehind(source, builder) : undefined;
}
