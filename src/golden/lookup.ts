import type { IntLookup } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import type { Filled } from "./maps.ts";

/** What the table, or the table of its channel, has for every value. */
export function lookup({ tables }: IntLookup, { map, values }: Filled): Int8Array {
  const channels = tables.length / 256;
  return values.map((x, i) => item(tables, 256 * ((i % map.channels) % channels) + x + 128));
}
