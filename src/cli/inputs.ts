import { mkdirSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { readEach } from "../images/read-each.ts";
import { readInput } from "../images/read-input.ts";
import { InputError } from "../ir/errors.ts";
import type { Problem } from "../ir/errors.ts";
import type { OutputValues } from "../golden/outputs.ts";
import type { IntGraph } from "../ir/integer.ts";
import { visible } from "../ir/visible.ts";
import type { Io } from "./io.ts";
import { optional, single } from "./options.ts";

/** One --input file. */
export interface NamedInput {
  readonly file: string;
  /** The file's name without folder and ending: what --dump-logits and --dump-outputs call its results. */
  readonly name: string;
  /** The input map's values, [H, W, C], re-centred int8. */
  readonly values: Int8Array;
}

/** Reads every --input file; says which inputs of the network a file does not reach. Throws InputError with the problems of all of them. */
export async function readInputs(
  files: readonly string[],
  graph: IntGraph,
  io: Pick<Io, "err">,
): Promise<NamedInput[]> {
  return readEach(files, async (file) => {
    const { left, values } = await readInput(file, graph);
    if (left.length > 0) io.err(`${file}: ${left.map(visible).join(", ")} left at zero\n`);
    return { file, name: basename(file, extname(file)), values };
  });
}

/** Files are named after the inputs: no two may share a name. Throws InputError. */
function assertDistinctNames(option: string, files: readonly string[]): void {
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
        found: `what comes of ${earlier} is called ${name} too`,
        supported: `inputs of different names with ${option}`,
        fix: "rename one of them or run them one by one",
      },
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
}

/** Where --dump-logits and --dump-outputs write. */
export interface DumpOptions {
  readonly dumpLogits?: string | undefined;
  readonly dumpOutputs?: string | undefined;
}

/** What the network makes of one input. */
export interface DumpedResult {
  readonly name: string;
  readonly logits: OutputValues;
  readonly outputs: readonly OutputValues[];
}

/** --dump-logits and --dump-outputs, each given once, for inputs that their files can be named after. Throws InputError. */
export function parseDumps({
  dumpLogits,
  dumpOutputs,
  input,
}: DumpOptions & { readonly input: readonly string[] }): DumpOptions {
  const dumps = {
    dumpLogits: optional((value) => single("--dump-logits", value), dumpLogits),
    dumpOutputs: optional((value) => single("--dump-outputs", value), dumpOutputs),
  };
  if (dumps.dumpLogits !== undefined) assertDistinctNames("--dump-logits", input);
  else if (dumps.dumpOutputs !== undefined) assertDistinctNames("--dump-outputs", input);
  return dumps;
}

/**
 * For each input, raw and in the model's own type: --dump-logits DIR writes its logits to DIR/NAME.bin, --dump-outputs DIR
 * every output of the network to DIR/NAME.output<i>.bin. Throws InputError.
 */
export function dumpResults(
  { dumpLogits, dumpOutputs }: DumpOptions,
  results: readonly DumpedResult[],
): void {
  if (dumpLogits !== undefined)
    writeAll(
      "--dump-logits",
      dumpLogits,
      results.map(({ logits, name }) => [`${name}.bin`, logits]),
    );
  if (dumpOutputs !== undefined)
    writeAll(
      "--dump-outputs",
      dumpOutputs,
      results.flatMap(({ name, outputs }) =>
        outputs.map((values, i): [string, OutputValues] => [`${name}.output${i}.bin`, values]),
      ),
    );
}

function writeAll(option: string, folder: string, files: readonly (readonly [string, OutputValues])[]): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [file, values] of files) writeFileSync(join(folder, file), values);
  } catch (error) {
    throw new InputError({
      code: "output-folder",
      node: folder,
      found: error instanceof Error ? error.message : String(error),
      supported: "a folder that can be written",
      fix: `give another folder to ${option}`,
    });
  }
}
