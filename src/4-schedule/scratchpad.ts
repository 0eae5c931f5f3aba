/** Which maps between blocks stay in the scratchpad on the chip. */
import { type Lifetime, workspaceOffsets } from "./memory.ts";
import { type ArrayOptions, roundUp } from "./size.ts";

/** Beats that a scratchpad's address tells apart. */
const MOST_BEATS = 2 ** 16;

/** Bytes of maps that an array keeps on the chip, at most. Without being asked: large ones are for chips with room for them. */
export function mapBytes({ buffers, busBytes, pc, pk }: ArrayOptions): number {
  const wanted = buffers?.mapBytes ?? (pk * pc >= 256 ? 524288 : 0);
  return Math.min(wanted, MOST_BEATS * busBytes);
}

/** Deeper memories come in whole steps: block RAM that is stacked higher, the deepest in narrower shapes. */
const STEPS = [
  { above: 32768, step: 2048 },
  { above: 8192, step: 1024 },
] as const;

/** Beats of a scratchpad for so many bytes. */
export function chipDepth(bytes: number, { busBytes }: Pick<ArrayOptions, "busBytes">): number {
  const beats = bytes / busBytes;
  return roundUp(beats, STEPS.find(({ above }) => beats > above)?.step ?? 1);
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
