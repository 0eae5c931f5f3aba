/** Mutants chosen by a seed, and which of them the tests notice. */
import { availableParallelism } from "node:os";
import { Random } from "../random.ts";
import { Copy } from "./copy.ts";
import { applied, shown } from "./mutant.ts";
import type { Language, Subject } from "./subjects.ts";

export interface Judged {
  readonly language: Language;
  readonly file: string;
  /** Line, and what became what. */
  readonly change: string;
  readonly noticed: boolean;
}

export interface MutateOptions {
  readonly seed: number;
  readonly runs: number;
  readonly subjects: readonly Subject[];
  readonly onProgress: (done: number, unnoticed: number) => void;
}

/** Half of the mutants are Verilog; of each language every mutant of every file is as likely. */
export async function runMutants({
  onProgress,
  runs,
  seed,
  subjects,
}: MutateOptions): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  // Tests that fail anyway would notice everything.
  const sound = new Map<string, Promise<boolean>>();
  let next = 0;
  const work = async (): Promise<void> => {
    const copy = new Copy();
    try {
      while (next < runs) {
        const { change, subject, text } = chosen(new Random(seed, next++), subjects);
        const passes =
          sound.get(subject.file) ?? copy.notices(subject, subject.source).then((fails) => !fails);
        sound.set(subject.file, passes);
        if (!(await passes)) throw new Error(`${subject.tests.join(" ")} fails without any mutant`);
        const noticed = await copy.notices(subject, text);
        judged.push({ language: subject.language, file: subject.file, change, noticed });
        onProgress(judged.length, judged.filter((one) => !one.noticed).length);
      }
    } finally {
      copy.remove();
    }
  };
  await Promise.all(Array.from({ length: Math.min(runs, availableParallelism()) }, work));
  return judged;
}

function chosen(draw: Random, subjects: readonly Subject[]) {
  const language: Language = draw.chance(50) ? "Verilog" : "TypeScript";
  const all = subjects
    .filter((subject) => subject.language === language)
    .flatMap((subject) => subject.mutants.map((mutant) => ({ subject, mutant })));
  const { mutant, subject } = draw.pick(all);
  return { subject, text: applied(subject.source, mutant), change: shown(subject.source, mutant) };
}
