/** What a network keeps on a board's chip: maps, deeper rings and weights that stay, as far as its block RAM goes. */
import type { Hardware, Plan } from "../4-schedule/plan.ts";
import { chooseKept } from "../4-schedule/kept-weights.ts";
import { chipDepth } from "../4-schedule/scratchpad.ts";
import type { BufferOptions } from "../4-schedule/size.ts";

/** Share of the block RAM that may be taken: place and route want some left. */
const SHARE = 0.95;
/** Words that an address reaches, of weights and of the scratchpad. */
const MOST_WORDS = 2 ** 16;
/** Words of the weight ring, where not all weights stay. */
const RINGS = [2048, 1024, 512, 256] as const;

/** A plan with these buffers. */
type Attempt = (buffers: BufferOptions | undefined) => Plan;
/** Block RAMs of a plan: those that it needs, and those of the board. */
type BlockRams = (plan: Plan) => { readonly needed: number; readonly available: number };

/**
 * The buffers that fill the chip: first maps, whose room serves many of them in turn; then all weights, or else a ring and weights of
 * some blocks, shared out so that an image takes least. What `given` says stands. Where even the least does not fit, that.
 */
export function filled(
  attempt: Attempt,
  blockRams: BlockRams,
  memoryBytes: number,
  given: BufferOptions | undefined,
): BufferOptions {
  if (given && isComplete(given)) return given;
  const least = { weightWords: Math.min(...RINGS), mapBytes: 0, keptWords: 0, ...given };
  const base = attempt(least);
  const { busBytes } = base.hardware;
  const everything = attempt({
    ...given,
    mapBytes: MOST_WORDS * busBytes,
    keptWords: MOST_WORDS - base.hardware.weightDepth,
  });
  const fits = (change: Partial<Hardware>): boolean => {
    const { available, needed } = blockRams({ ...base, hardware: { ...base.hardware, ...change } });
    return needed <= SHARE * available;
  };
  if (!fits({})) return least;

  const all = everything.hardware;
  const depthOf = (beats: number) => chipDepth(beats * busBytes, all);
  const beats = most(all.chipDepth, (count) => fits({ chipDepth: depthOf(count) }));
  const mapBytes = given?.mapBytes ?? beats * busBytes;
  const maps = { chipDepth: depthOf(Math.ceil(mapBytes / busBytes)) };
  const kept = (words: number) => ({ words, groups: all.kept.groups });
  const whole = {
    ...maps,
    weightDepth: all.weightDepth,
    paramDepth: all.paramDepth,
    kept: kept(all.kept.words),
  };
  if (
    given?.keptWords === undefined &&
    everything.keptBlocks.to - everything.keptBlocks.from === everything.blocks.length &&
    fits(whole)
  )
    return { ...given, mapBytes, keptWords: all.kept.words };

  const { weightDepth } = base.hardware;
  const rings = given?.weightWords === undefined ? RINGS : [given.weightWords];
  const splits = [...rings, weightDepth]
    .filter((words) => words <= weightDepth || fits({ ...maps, weightDepth: words }))
    .map((weightWords) => {
      const ring = { ...maps, weightDepth: Math.max(weightDepth, weightWords) };
      const room = most(all.kept.words, (words) => fits({ ...ring, kept: kept(words) }));
      const keptWords = given?.keptWords ?? room;
      const stores = { room: keptWords, ring: ring.weightDepth, memoryBytes, imageBytes: imageBytes(base) };
      return { keptWords, weightWords, cycles: chooseKept(base.weightNeeds, stores).cycles };
    });
  const { keptWords, weightWords } = splits.reduce((best, one) => (one.cycles < best.cycles ? one : best));
  return { ...given, mapBytes, weightWords, keptWords };
}

function imageBytes({ inputs }: Plan): number {
  return inputs.reduce((sum, { place }) => sum + place.rows * place.rowPitch, 0);
}

/** Whether nothing is left to choose. */
function isComplete({ keptWords, mapBytes, weightWords }: BufferOptions): boolean {
  return [keptWords, mapBytes, weightWords].every((count) => count !== undefined);
}

/** The greatest count up to `limit` that fits, where smaller ones fit too. */
function most(limit: number, fits: (count: number) => boolean): number {
  let low = 0;
  let high = limit + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
