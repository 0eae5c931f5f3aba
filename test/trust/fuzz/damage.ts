/** A case: a seed's files with some damage, all decided by numbers. */
import { Random } from "../random.ts";
import { damageBytes } from "./bytes.ts";
import type { Content, Seed } from "./reader.ts";
import { damageText, nudgeText } from "./text.ts";
import { damageTree, nudgeTree, type Tree } from "./tree.ts";

/** Most damages that a case has. */
export const MOST_DAMAGES = 5;

/** Of the damages, those that are mild: percent. */
const MILD = 35;

/** How many damages the case has. */
export function damagesOf(draw: Random): number {
  return draw.chance(50) ? 1 : draw.between(2, MOST_DAMAGES);
}

/**
 * The files' bytes by name. `words`: what the damages are decided by. `kept`: which of them are done; a failure's others
 * are left out to find those that it needs. `mild`: so that many files stay sound.
 */
export function damagedFiles(
  { damage, files }: Seed,
  words: readonly number[],
  kept: readonly number[],
  mild = false,
): ReadonlyMap<string, Uint8Array> {
  const changed = new Map(files.map(({ content, name }) => [name, content]));
  const names = damage === undefined ? files.map(({ name }) => name) : [damage];
  for (const index of kept) {
    const draw = new Random(...words, index);
    const name = draw.pick(names);
    const content = changed.get(name);
    if (content !== undefined) changed.set(name, damaged(content, draw, mild || draw.chance(MILD)));
  }
  return new Map([...changed].map(([name, content]) => [name, written(content)]));
}

function damaged(content: Content, draw: Random, mild: boolean): Content {
  if (content.kind === "text" && (mild || draw.chance(90)))
    return { kind: "text", text: (mild ? nudgeText : damageText)(content.text, draw) };
  if (content.kind === "tree" && (mild || draw.chance(75))) {
    const tree: Tree = (mild ? nudgeTree : damageTree)(content.tree, draw);
    // Some nonsense has no form in the file at all.
    if (isWritable(() => content.write(tree))) return { ...content, tree };
    if (mild) return content;
  }
  return { kind: "bytes", bytes: damageBytes(written(content), draw) };
}

function isWritable(write: () => Uint8Array): boolean {
  try {
    write();
    return true;
  } catch {
    return false;
  }
}

function written(content: Content): Uint8Array {
  switch (content.kind) {
    case "bytes":
      return content.bytes;
    case "text":
      return new TextEncoder().encode(content.text);
    case "tree":
      return content.write(content.tree);
  }
}
