/** `npm run mutate`: RUNS and SEED as the command's words. Exit status 1 when too few mutants are noticed. */
import { packagePath } from "../../../src/platform/package.ts";
import { progressLine } from "../progress.ts";
import { recordRun } from "../record.ts";
import { table } from "../table.ts";
import { runMutants, type Judged, type Verdict } from "./campaign.ts";
import { Noticed } from "./noticed.ts";
import { subjects, type Language } from "./subjects.ts";

/** Percent of the mutants that are not equivalent which the tests have to notice. */
const LEAST: Readonly<Record<Language, number>> = { Verilog: 95, TypeScript: 90 };

const [runs = 0, seed = 0] = process.argv.slice(2).map(Number);
const progress = progressLine("mutate", runs, "unnoticed");
let done = 0;
let lost = 0;
const judged = await runMutants({
  runs,
  seed,
  subjects: subjects(),
  noticed: new Noticed(packagePath("build", "trust", "noticed")),
  onJudged: (one) => {
    if (one.verdict === "unnoticed") {
      lost += 1;
      process.stdout.write(told(one));
    }
    progress(++done, lost);
  },
});
const rows = (Object.keys(LEAST) as Language[]).map((language) => {
  const own = judged.filter((one) => one.language === language);
  const count = (verdict: Verdict) => own.filter((one) => one.verdict === verdict).length;
  return { language, all: own.length, noticed: count("noticed"), equivalent: count("equivalent") };
});
process.stdout.write(
  `\n${table(
    ["mutants of", "all", "noticed", "equivalent", "unnoticed"],
    rows.map(({ all, equivalent, language, noticed }) => [
      language,
      ...[all, noticed, equivalent, all - noticed - equivalent].map(String),
    ]),
  )}`,
);
const counts = rows.map(
  ({ all, equivalent, language, noticed }) =>
    `${noticed} of ${all} mutants of ${language} noticed, ${equivalent} argued to be equivalent`,
);
recordRun(`npm run mutate -- --runs ${runs} --seed ${seed}`, `mutate: ${counts.join("; ")}`);
const isEnough = ({ all, equivalent, language, noticed }: (typeof rows)[number]): boolean =>
  100 * noticed >= LEAST[language] * (all - equivalent);
process.exitCode = rows.every(isEnough) ? 0 : 1;

function told({ change, file }: Judged): string {
  return `unnoticed: ${file}:${change}\n`;
}
