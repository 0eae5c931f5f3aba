/** `npm run stress`: RUNS and SEED as the command's words. Exit status 1 when a run failed. */
import { progressLine } from "../progress.ts";
import { lastLine, recordRun } from "../record.ts";
import { table } from "../table.ts";
import { runStress, type StressResult } from "./campaign.ts";
import { stressed } from "./hardware.ts";

const [runs = 0, seed = 0] = process.argv.slice(2).map(Number);
const started = performance.now();
const hardware = stressed(Infinity);
try {
  process.stderr.write("stress: building simulators\n");
  const result = await runStress({ runs, seed, hardware, onProgress: progressLine("stress", runs) });
  const said = report(result, (performance.now() - started) / 1000);
  process.stdout.write(said);
  const command = `npm run stress -- --runs ${runs} --seed ${seed}`;
  recordRun(command, lastLine(said), Object.fromEntries(result.tallies));
  process.exitCode = result.failures.length === 0 ? 0 : 1;
} finally {
  for (const one of hardware) one.remove();
}

function report({ failures, tallies }: StressResult, seconds: number): string {
  const head = [
    "disturbed by",
    "runs",
    "bit exact",
    "told, next start right",
    "told by the watchdog, right behind a reset",
    "failed",
  ];
  const rows = [...tallies].map(([kind, { detected, exact, failed, reset }]) => [
    kind,
    ...[exact + detected + reset + failed, exact, detected, reset, failed].map(String),
  ]);
  const told = failures.map(
    ({ hardware: on, message, run, scenario }) =>
      `FAILED: run ${run}, ${scenario.kind}, ${on}: ${message}\n  ${JSON.stringify(scenario)}\n`,
  );
  const end = failures.length === 0 ? "no failure" : `${failures.length} failed`;
  const last = `stress: ${runs} runs, seed ${seed}: ${end}; ${Math.round(seconds)} s\n`;
  return `${table(head, rows)}\n${told.join("")}${last}`;
}
