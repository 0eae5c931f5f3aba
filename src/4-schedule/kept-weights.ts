/** Which blocks keep their weights on the chip from image to image: the first ones, as many as there is room for. */
import type { Draft } from "./draft.ts";
import { type ArrayOptions, weightSize } from "./size.ts";

export interface Kept {
  readonly blocks: number;
  readonly words: number;
  /** Records of parameters. */
  readonly groups: number;
}

/** Words that an array keeps without being asked. */
export function keptWords({ buffers }: ArrayOptions): number {
  return buffers?.keptWords ?? 0;
}

/** Blocks in front of the first that has tables: those come with the weights. */
export function keptBlocks(drafts: readonly Draft[], o: ArrayOptions): Kept {
  let kept: Kept = { blocks: 0, words: 0, groups: 0 };
  for (const { phases } of drafts) {
    const sizes = phases.map((phase, i) => weightSize(phase, o, i === phases.length - 1));
    const words = kept.words + sizes.reduce((n, size) => n + size.words, 0);
    const groups = kept.groups + sizes.reduce((n, size) => n + size.records, 0);
    if (words > keptWords(o) || phases.some(({ operator }) => operator?.lookup)) break;
    kept = { blocks: kept.blocks + 1, words, groups };
  }
  return kept;
}
