/** In which order the values of an output lie. */
import type { OutputOrder } from "../../ir/graph.ts";
import { orderOf } from "./layout.ts";
import { arrangementOf, isIdentity } from "./values.ts";
import type { MapValue } from "./values.ts";

/** Null where the values lie in ONNX's order; undefined where they lie in no order of axes. */
export function outputOrderOf(value: MapValue): OutputOrder | null | undefined {
  const order = orderOf(value);
  return isIdentity(order) ? null : arrangementOf(order);
}
