/** Which maps between blocks stay in the scratchpad on the chip. */
import { type Lifetime, workspaceOffsets } from "./memory.ts";
import type { ArrayOptions } from "./size.ts";

/** Bytes of maps that an array keeps on the chip without being asked: large ones are for chips with room for them. */
export function mapBytes({ buffers, pc, pk }: ArrayOptions): number {
  return buffers?.mapBytes ?? (pk * pc >= 256 ? 131072 : 0);
}

/** The maps that together never take more than `bytes` on the chip: those first that take the least room for the least time. */
export function mapsOnChip<M extends Lifetime>(maps: readonly M[], bytes: number): ReadonlySet<M> {
  const room = ({ bytes: size, from, to }: M) => size * (to - from + 1);
  let chosen: readonly M[] = [];
  for (const map of [...maps].sort((a, b) => room(a) - room(b))) {
    const more = [...chosen, map].sort((a, b) => a.from - b.from);
    if (workspaceOffsets(more).bytes <= bytes) chosen = more;
  }
  return new Set(chosen);
}
