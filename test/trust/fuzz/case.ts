/** One case: which reader, which of its seeds, what damage; and what comes of reading it. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportError, status } from "../../../src/cli/status.ts";
import { MissingToolError } from "../../../src/ir/errors.ts";
import { once } from "../../../src/targets/once.ts";
import { Random } from "../random.ts";
import { damagedFiles, damagesOf } from "./damage.ts";
import { mainOf, type Reader, type Seed, type Step } from "./reader.ts";
import { modelReaders, readers } from "./readers/index.ts";

/** What decides a case. */
export interface CaseNumber {
  readonly seed: number;
  readonly index: number;
  /** Whether what it makes is simulated when it is accepted. */
  readonly simulate: boolean;
  /** Of its damages, those that are done; all without it. */
  readonly kept?: readonly number[];
}

export type Outcome =
  | { readonly kind: "accepted"; readonly step: Step }
  | { readonly kind: "refused" | "failed"; readonly step: Step | "make"; readonly message: string };

/** Each reader as often as its share says. */
const drawn: readonly Reader[] = readers.flatMap((reader) =>
  Array.from({ length: reader.share }, () => reader),
);

const seedsOf = new Map(readers.map((reader) => [reader, once(() => reader.seeds())]));

export function readerOf({ index, seed, simulate }: CaseNumber): Reader {
  return new Random(seed, index).pick(simulate ? modelReaders : drawn);
}

/** The numbers of all damages that the case has. */
export function damagesIn({ index, seed, simulate }: CaseNumber): readonly number[] {
  const draw = new Random(seed, index, 1);
  return Array.from({ length: simulate ? 2 : damagesOf(draw) }, (_, i) => i);
}

/** The name of the file that is read, and all files by name. */
async function makeCase(number: CaseNumber) {
  const { index, kept = damagesIn(number), seed, simulate } = number;
  const seeds = (await seedsOf.get(readerOf(number))?.()) ?? [];
  const chosen: Seed = new Random(seed, index, 2).pick(seeds);
  return { main: mainOf(chosen), files: damagedFiles(chosen, [seed, index, 3], kept, simulate) };
}

/** Reads the case's files in a folder that is emptied for them. */
export async function runCase(
  number: CaseNumber,
  folder: string,
  begin: (step: Step) => void,
): Promise<Outcome> {
  const { files, main } = await makeCase(number);
  writeCase(files, folder);
  let step: Step = "read";
  const reading = {
    draw: new Random(number.seed, number.index, 4),
    simulate: number.simulate,
    begin(next: Step) {
      step = next;
      begin(next);
    },
  };
  begin(step);
  try {
    await readerOf(number).read(join(folder, main), reading);
    expectCleanPrototypes();
    return { kind: "accepted", step };
  } catch (error) {
    return judged(error, step);
  }
}

export function writeCase(files: ReadonlyMap<string, Uint8Array>, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
}

/** A refusal as the commands refuse is right; everything else is a failure. */
function judged(error: unknown, step: Step): Outcome {
  if (error instanceof MissingToolError) throw error;
  let text = "";
  const io = { err: (line: string) => (text += line), signal: new AbortController().signal };
  const ended = reportError(error, io);
  try {
    expectCleanPrototypes();
  } catch (fault) {
    return { kind: "failed", step, message: fault instanceof Error ? fault.message : String(fault) };
  }
  return { kind: ended === status.input ? "refused" : "failed", step, message: text.trim() };
}

/** A name such as __proto__ must not reach what all objects have in common. */
function expectCleanPrototypes(): void {
  for (const prototype of [Object.prototype, Array.prototype]) {
    const found = Object.keys(prototype);
    if (found.length > 0) throw new Error(`a prototype was given the fields ${found.join(", ")}`);
  }
}
