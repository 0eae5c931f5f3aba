/** What a fuzzed reader is: files that it takes, and how it reads them. */
import type { Random } from "../random.ts";
import type { Tree } from "./tree.ts";

/** What a file holds, and so how it is damaged. */
export type Content =
  | { readonly kind: "tree"; readonly tree: Tree; readonly write: (tree: Tree) => Uint8Array }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** Files that belong together, by name; the first is the one that is read. */
export interface Seed {
  readonly files: readonly { readonly name: string; readonly content: Content }[];
  /** Of the files, the one that is damaged; all are without it. */
  readonly damage?: string;
}

/** How far a file got; a watchdog gives each step its own time. */
export type Step = "read" | "golden" | "compile" | "simulate";

export interface Reading {
  readonly draw: Random;
  /** Whether the case belongs to the sample that is simulated. */
  readonly simulate: boolean;
  /** Tells the watchdog what begins. */
  begin(step: Step): void;
}

export interface Reader {
  readonly name: string;
  /** Of all cases, in relation to the other readers. */
  readonly share: number;
  readonly seeds: () => Promise<readonly Seed[]>;
  /** Reads the file as the commands do; throws what they throw. */
  readonly read: (path: string, reading: Reading) => Promise<void>;
}

export const treeOf = (tree: unknown, write: (tree: Tree) => Uint8Array): Content => ({
  kind: "tree",
  tree: tree as Tree,
  write,
});
export const textOf = (text: string): Content => ({ kind: "text", text });
export const bytesOf = (bytes: Uint8Array): Content => ({ kind: "bytes", bytes });

/** A file alone. */
export const alone = (name: string, content: Content): Seed => ({ files: [{ name, content }] });

/** The name of the file that is read. */
export function mainOf({ files: [main] }: Seed): string {
  if (main === undefined) throw new Error("a seed has files");
  return main.name;
}
