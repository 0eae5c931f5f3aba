/** Which blocks keep their weights on the chip from image to image: those in a row that ask most of the memory. */
import { recordBytes } from "../format/group-record.ts";
import { totalArrayCycles } from "./array-cycles.ts";
import type { Draft } from "./draft.ts";
import { item } from "../ir/known.ts";
import { type BlockRange, isWithin, type WeightNeed } from "./plan.ts";
import { type ArrayOptions, weightSize } from "./size.ts";
import { ringWords } from "./strips.ts";

export interface Kept {
  readonly range: BlockRange;
  readonly words: number;
  /** Records of parameters. */
  readonly groups: number;
  /** Of an image that finds them, by estimate. */
  readonly cycles: number;
}

/** What there is for weights. */
export interface Stores {
  /** Words that stay. */
  readonly room: number;
  /** Words of the ring. */
  readonly ring: number;
  /** Bytes that the memory moves in a cycle. */
  readonly memoryBytes: number;
  /** Bytes of the image, which come before weights. */
  readonly imageBytes: number;
}

/** What an array has for weights: none stay without being asked. */
export function weightStores([first]: readonly Draft[], o: ArrayOptions): Stores {
  const image = first?.phases[0];
  return {
    room: o.buffers?.keptWords ?? 0,
    ring: ringWords(o),
    memoryBytes: o.memoryBytes ?? o.busBytes,
    imageBytes: image ? image.inputRows * image.inputWidth * image.inputChannels : 0,
  };
}

/** What the blocks ask of the weight stores. A block with tables reads them with its weights, in every image. */
export function weightNeeds(drafts: readonly Draft[], o: ArrayOptions): readonly WeightNeed[] {
  return drafts.map((draft): WeightNeed => {
    const { phases } = draft;
    const sizes = phases.map((phase, i) => weightSize(phase, o, i === phases.length - 1));
    const sum = (counts: readonly number[]) => counts.reduce((n, count) => n + count, 0);
    const words = sum(sizes.map((size) => size.words));
    const groups = sum(sizes.map(({ records }) => records));
    return {
      words,
      groups,
      bytes: words * o.pk * o.pc + groups * recordBytes(o, 0),
      cycles: totalArrayCycles([draft], o),
      mayStay: phases.every(({ operator }) => !operator?.lookup),
    };
  });
}

/** Of the blocks in a row that fit into the room those without which an image takes least. */
export function chooseKept(needs: readonly WeightNeed[], stores: Stores): Kept {
  let best = keptOf(needs, { from: 0, to: 0 }, stores);
  for (const range of ranges(needs, stores.room)) {
    const kept = keptOf(needs, range, stores);
    if (kept.cycles < best.cycles || (kept.cycles === best.cycles && kept.words > best.words)) best = kept;
  }
  return best;
}

/** The most groups of blocks in a row whose words the ring holds at once. */
export function groupsInRing(needs: readonly WeightNeed[], range: BlockRange, ring: number): number {
  const others = needs.filter((_, i) => !isWithin(range, i));
  let most = 0;
  let from = 0;
  let words = 0;
  let groups = 0;
  for (const need of others) {
    words += need.words;
    groups += need.groups;
    for (; words > ring; from++) {
      words -= item(others, from).words;
      groups -= item(others, from).groups;
    }
    most = Math.max(most, groups);
  }
  return most;
}

/** From each block on as many as fit, where that is more than what is left of the blocks before. */
function* ranges(needs: readonly WeightNeed[], room: number): Generator<BlockRange> {
  let to = 0;
  let words = 0;
  for (let from = 0; from < needs.length; from++) {
    const before = to;
    if (to < from) to = from;
    for (let next = needs[to]; next?.mayStay && words + next.words <= room; next = needs[to]) {
      words += next.words;
      to++;
    }
    if (to > Math.max(from, before)) yield { from, to };
    if (to > from) words -= item(needs, from).words;
  }
}

function keptOf(needs: readonly WeightNeed[], range: BlockRange, stores: Stores): Kept {
  const blocks = needs.slice(range.from, range.to);
  return {
    range,
    words: blocks.reduce((n, { words }) => n + words, 0),
    groups: blocks.reduce((n, { groups }) => n + groups, 0),
    cycles: cyclesOf(needs, range, stores),
  };
}

/**
 * Cycles of an image whose maps lie on the chip: the loader reads ahead as far as the ring has room and the rows of the image leave the
 * memory free. A block begins when its weights are there, or has them while it runs where they are more than the ring holds; they
 * leave the ring when it ends.
 */
function cyclesOf(
  needs: readonly WeightNeed[],
  range: BlockRange,
  { imageBytes, memoryBytes, ring }: Stores,
): number {
  const ends: number[] = [];
  let read = imageBytes / memoryBytes; // when the loader has all that it asked for so far
  let asked = 0; // words so far
  let left = 0; // words that have left the ring
  let gone = 0; // blocks that have
  for (const [i, { bytes, cycles, words }] of needs.entries()) {
    const isStreamed = !isWithin(range, i) && words > 0;
    let rest = isStreamed ? words : 0;
    while (rest > 0) {
      // its own first words make room for its last ones
      const room = gone < i ? left + ring - asked : rest;
      if (room > 0) {
        const now = Math.min(room, rest);
        read += (now * bytes) / words / memoryBytes;
        asked += now;
        rest -= now;
      } else {
        read = Math.max(read, item(ends, gone));
        left += isWithin(range, gone) ? 0 : item(needs, gone).words;
        gone++;
      }
    }
    const before = ends.at(-1) ?? 0;
    const there = isStreamed ? read : 0;
    ends.push(
      words > ring ? Math.max(before + cycles, there) : Math.max(before, i === 0 ? 0 : there) + cycles,
    );
  }
  return ends.at(-1) ?? 0;
}
