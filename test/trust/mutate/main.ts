/** `npm run mutate`: RUNS and SEED as the command's words. Exit status 1 when too few mutants are noticed. */
import { progressLine } from "../progress.ts";
import { recordRun } from "../record.ts";
import { table } from "../table.ts";
import { runMutants, type Judged } from "./campaign.ts";
import { subjects, type Language } from "./subjects.ts";

/** Percent of the mutants that the tests have to notice. */
const LEAST: Readonly<Record<Language, number>> = { Verilog: 95, TypeScript: 90 };

const [runs = 0, seed = 0] = process.argv.slice(2).map(Number);
const judged = await runMutants({
  runs,
  seed,
  subjects: subjects(),
  onProgress: progressLine("mutate", runs, "unnoticed"),
});
const languages = Object.keys(LEAST) as Language[];
const rows = languages.map((language) => {
  const own = judged.filter((one) => one.language === language);
  const noticed = own.filter((one) => one.noticed).length;
  return { language, all: own.length, noticed, enough: 100 * noticed >= LEAST[language] * own.length };
});
const unnoticed = judged
  .filter((one) => !one.noticed)
  .map(({ change, file }: Judged) => `unnoticed: ${file}:${change}\n`);
process.stdout.write(
  `${table(
    ["mutants of", "all", "noticed", "unnoticed"],
    rows.map(({ all, language, noticed }) => [language, String(all), String(noticed), String(all - noticed)]),
  )}\n${unnoticed.sort().join("")}`,
);
const counts = rows.map(
  ({ all, language, noticed }) => `${noticed} of ${all} mutants of ${language} noticed`,
);
recordRun(`npm run mutate -- --runs ${runs} --seed ${seed}`, `mutate: ${counts.join(", ")}`);
process.exitCode = rows.every(({ enough }) => enough) ? 0 : 1;
