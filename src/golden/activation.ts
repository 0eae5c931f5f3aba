import type { IntActivation } from "../ir/integer.ts";
import type { Filled } from "./maps.ts";
import { item } from "../ir/known.ts";

/** What the kernel's function returned for each value. */
export function activation({ kernel }: IntActivation, { values }: Filled): Int8Array {
  return values.map((x) => item(kernel.table, x + 128));
}
