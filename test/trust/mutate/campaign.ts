/** Mutants chosen by a seed, and which of them the tests notice. */
import { availableParallelism } from "node:os";
import { Random } from "../random.ts";
import { Copy } from "./copy.ts";
import { equivalentOf } from "./equivalent.ts";
import { applied, shown } from "./mutant.ts";
import type { Noticed } from "./noticed.ts";
import type { Language, Subject } from "./subjects.ts";

export type Verdict = "noticed" | "equivalent" | "unnoticed";

export interface Judged {
  readonly language: Language;
  readonly file: string;
  /** Line, and what became what. */
  readonly change: string;
  readonly verdict: Verdict;
}

export interface MutateOptions {
  readonly seed: number;
  readonly runs: number;
  readonly subjects: readonly Subject[];
  /** What was noticed before is not tried again. */
  readonly noticed: Noticed;
  readonly onJudged: (one: Judged) => void;
}

interface Case {
  readonly subject: Subject;
  readonly text: string;
  readonly change: string;
}

/** In the order in which they were judged. */
export async function runMutants({
  noticed,
  onJudged,
  runs,
  seed,
  subjects,
}: MutateOptions): Promise<readonly Judged[]> {
  const cases = drawn(subjects, runs, seed);
  const judged: Judged[] = [];
  // Tests that fail anyway would notice everything.
  const sound = new Map<string, Promise<boolean>>();
  const verdictOf = async ({ change, subject, text }: Case, copy: Copy): Promise<Verdict> => {
    if (equivalentOf(subject.file, subject.source, change) !== undefined) return "equivalent";
    if (noticed.has(text)) return "noticed";
    const passes = sound.get(subject.file) ?? copy.notices(subject, subject.source).then((fails) => !fails);
    sound.set(subject.file, passes);
    if (!(await passes)) throw new Error(`${subject.tests.join(" ")} fails without any mutant`);
    if (!(await copy.notices(subject, text))) return "unnoticed";
    noticed.add(text);
    return "noticed";
  };
  let next = 0;
  const work = async (): Promise<void> => {
    const copy = new Copy();
    try {
      for (let one = cases[next++]; one !== undefined; one = cases[next++]) {
        const { change, subject } = one;
        const verdict = await verdictOf(one, copy);
        const done: Judged = { language: subject.language, file: subject.file, change, verdict };
        judged.push(done);
        onJudged(done);
      }
    } finally {
      copy.remove();
    }
  };
  await Promise.all(Array.from({ length: Math.min(runs, availableParallelism()) }, work));
  return judged;
}

/**
 * Five of eight are Verilog, as far as there are so many; none comes twice, and of each language every mutant of every
 * file is as likely.
 */
export function drawn(subjects: readonly Subject[], runs: number, seed: number): readonly Case[] {
  const verilog = Math.round((5 * runs) / 8);
  const of = (language: Language, count: number): readonly Case[] => {
    const draw = new Random(seed, language.length);
    const rest = subjects
      .filter((subject) => subject.language === language)
      .flatMap((subject) => subject.mutants.map((mutant) => ({ subject, mutant })));
    return Array.from({ length: Math.min(count, rest.length) }, () => {
      const [{ mutant, subject }] = rest.splice(draw.below(rest.length), 1) as [(typeof rest)[number]];
      const { source } = subject;
      return { subject, text: applied(source, mutant), change: shown(source, mutant) };
    });
  };
  return [...of("Verilog", verilog), ...of("TypeScript", runs - verilog)];
}
