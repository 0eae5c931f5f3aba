/** `npm run fuzz`: RUNS and SEED as the command's words. Exit status 1 when a case failed. */
import { shownPath } from "../../../src/platform/paths.ts";
import { packageRoot } from "../../../src/platform/package.ts";
import { bundle } from "../../../src/setup/bundle.mjs";
import { progressLine } from "../progress.ts";
import { lastLine, recordRun } from "../record.ts";
import { table } from "../table.ts";
import { runCampaign, type CampaignResult } from "./campaign.ts";

/** Of the cases, those that are simulated when they are accepted: at least 8, at most 40. */
const simulatedOf = (runs: number): number =>
  Math.min(runs, Math.max(8, Math.min(40, Math.floor(runs / 250))));

const [runs = 0, seed = 0] = process.argv.slice(2).map(Number);
const script = await bundle(packageRoot(), "test/trust/fuzz/worker.ts");
const started = performance.now();
const result = await runCampaign({
  runs,
  seed,
  simulated: simulatedOf(runs),
  script,
  onProgress: progressLine("fuzz", runs),
});
const said = report(result, (performance.now() - started) / 1000);
process.stdout.write(said);
recordRun(`npm run fuzz -- --runs ${runs} --seed ${seed}`, lastLine(said));
process.exitCode = result.failures.length === 0 ? 0 : 1;

function report({ failures, peak, tallies }: CampaignResult, seconds: number): string {
  const head = ["reader", "accepted", "golden", "compiled", "simulated", "refused", "failed"];
  const rows = [...tallies].map(([name, t]) => [
    name,
    ...[t.accepted, t.golden, t.compiled, t.simulated, t.refused, t.failed].map(String),
  ]);
  const told = failures.map(
    ({ folder, index, message, reader }) =>
      `FAILED: case ${index}, ${reader}: ${message}\n  kept in ${shownPath(folder)}\n`,
  );
  const memory = `${Math.round(peak / 2 ** 20)} MB of memory at most`;
  const end = failures.length === 0 ? "no failure" : `${failures.length} failed`;
  const last = `fuzz: ${runs} damaged inputs, seed ${seed}: ${end}; ${Math.round(seconds)} s, ${memory}`;
  return `${table(head, rows)}\n${told.join("")}${last}\n`;
}
