/** Tables behind the lanes: which come with which block, and the slots that they take. */
import type { Draft } from "./draft.ts";
import { powerOfTwo } from "./size.ts";

/** The tables of a block's phases, each once, and the slots that they fill. */
export interface BlockTables {
  readonly values: readonly Int8Array[];
  readonly slots: readonly number[];
  /** The first block that needs nothing of what stood in these slots. */
  readonly after: number;
}

/** Slots of each lane, a power of two: those of a block with tables and of the next such block, which come while it runs. */
export function tableSlots(drafts: readonly Draft[]): number {
  const counts = drafts.map((draft) => valuesOf(draft).length).filter((count) => count > 0);
  return counts.length === 0 ? 0 : powerOfTwo(Math.max(...counts.map((n, i) => n + (counts[i + 1] ?? 0))));
}

/** The tables of each block. They fill the slots in turn, as the hardware's table loader does. */
export function placeTables(drafts: readonly Draft[]): readonly BlockTables[] {
  const total = tableSlots(drafts);
  const freeAfter = new Map<number, number>();
  let next = 0;
  return drafts.map((draft, block) => {
    const values = valuesOf(draft);
    const slots = values.map((_, i) => (next + i) % total);
    const after = Math.max(0, ...slots.map((slot) => freeAfter.get(slot) ?? 0));
    for (const slot of slots) freeAfter.set(slot, block + 1);
    next += values.length;
    return { values, slots, after };
  });
}

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
