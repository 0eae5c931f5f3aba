import { assert } from "../ir/errors.ts";
import type { IntMap, IntReshape } from "../ir/integer.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/** The same bytes under another shape. */
export function reshape(node: IntReshape, input: Filled, output: IntMap): Int8Array {
  assert(input.values.length === sizeOf(output), `${node.name}: a reshape keeps the number of values`);
  return input.values.slice();
}
