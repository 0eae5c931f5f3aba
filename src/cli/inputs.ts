import { mkdirSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { readEach } from "../images/read-each.ts";
import { readInput } from "../images/read-input.ts";
import { assert, InputError } from "../ir/errors.ts";
import type { Problem } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";

/** One --input file. */
export interface NamedInput {
  readonly file: string;
  /** The file's name without folder and ending: what --dump-logits calls its result. */
  readonly name: string;
  /** The input map's values, [H, W, C], re-centred int8. */
  readonly values: Int8Array;
}

/** Reads every --input file. Throws InputError with the problems of all of them. */
export async function readInputs(files: readonly string[], graph: IntGraph): Promise<NamedInput[]> {
  const map = graph.maps.get(graph.input);
  assert(map !== undefined, `the graph has no input map ${graph.input}`);
  return readEach(files, async (file) => {
    const { values } = await readInput(file, map, graph.preprocess);
    return { file, name: basename(file, extname(file)), values };
  });
}

/** --dump-logits names its files after the inputs: no two may share a name. Throws InputError. */
export function assertDistinctNames(files: readonly string[]): void {
  const first = new Map<string, string>();
  const problems = files.flatMap((file): Problem[] => {
    const name = basename(file, extname(file));
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, file);
    if (earlier === undefined) return [];
    return [
      {
        code: "same-input-name",
        node: file,
        found: `the logits of ${earlier} are called ${name}.bin too`,
        supported: "inputs of different names with --dump-logits",
        fix: "rename one of them or run them one by one",
      },
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
}

/** Writes DIR/NAME.bin for each input: its raw logits in the model's own type. Throws InputError. */
export function dumpLogits(
  folder: string,
  results: readonly { readonly name: string; readonly logits: Uint8Array | Int8Array }[],
): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const { name, logits } of results) writeFileSync(join(folder, `${name}.bin`), logits);
  } catch (error) {
    throw new InputError({
      code: "output-folder",
      node: folder,
      found: error instanceof Error ? error.message : String(error),
      supported: "a folder that can be written",
      fix: "give another folder to --dump-logits",
    });
  }
}
