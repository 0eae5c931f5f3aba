/** Tables behind the lanes: which come with which block, and the slots that they take. */
import { item } from "../ir/known.ts";
import type { Draft } from "./draft.ts";

/** The tables of a block's phases, each once, and the slots that they fill. */
export interface BlockTables {
  readonly values: readonly Int8Array[];
  readonly slots: readonly number[];
  /** The first block that needs nothing of what stood in these slots. */
  readonly after: number;
}

/** Slots of each lane: what one block RAM holds. Tables of the next blocks come while a block runs. */
export const TABLE_SLOTS = 8;

/** The tables of each block. They fill the slots in turn, as the hardware's table loader does. */
export function placeTables(drafts: readonly Draft[]): readonly BlockTables[] {
  const freeAfter = Array.from({ length: TABLE_SLOTS }, () => 0);
  let next = 0;
  return drafts.map((draft, block) => {
    const values = valuesOf(draft);
    const slots = values.map((_, i) => (next + i) % TABLE_SLOTS);
    const after = Math.max(0, ...slots.map((slot) => item(freeAfter, slot)));
    for (const slot of slots) freeAfter[slot] = block + 1;
    next += values.length;
    return { values, slots, after };
  });
}

/** Those of its phases, each once. */
function valuesOf({ phases }: Draft): readonly Int8Array[] {
  const tables: Int8Array[] = [];
  for (const { operator } of phases) {
    const table = operator?.lookup?.table;
    if (table && !tables.some((other) => isSameTable(other, table))) tables.push(table);
  }
  return tables;
}

export function isSameTable(one: Int8Array, other: Int8Array): boolean {
  return one.every((value, i) => value === other[i]);
}
