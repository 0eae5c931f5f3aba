/** Many cases over several workers; what fails is tried again alone, made small and kept. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { packagePath } from "../../../src/platform/package.ts";
import { damagesIn, readerOf, type CaseNumber, type Outcome } from "./case.ts";
import { readers } from "./readers/index.ts";
import { WorkerProcess, type Result } from "./worker-process.ts";

export interface CampaignOptions {
  readonly seed: number;
  readonly runs: number;
  /** How many cases are of light damage, to be simulated when they are accepted. */
  readonly simulated: number;
  /** Of worker.ts, bundled. */
  readonly script: string;
  readonly onProgress: (done: number, failures: number) => void;
}

export interface Failure {
  readonly reader: string;
  readonly index: number;
  readonly message: string;
  /** Holds the files, with as little damage as the failure needs. */
  readonly folder: string;
}

/** What became of the cases of one reader. */
export interface Tally {
  accepted: number;
  refused: number;
  failed: number;
  /** Of the accepted: those that went through the golden model, became Verilog, were simulated. */
  golden: number;
  compiled: number;
  simulated: number;
}

export interface CampaignResult {
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly failures: readonly Failure[];
  /** Most memory of any worker, bytes. */
  readonly peak: number;
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { onProgress, runs } = options;
  const none = { accepted: 0, refused: 0, failed: 0, golden: 0, compiled: 0, simulated: 0 };
  const tallies = new Map(readers.map(({ name }) => [name, { ...none }]));
  const failures: Failure[] = [];
  const folder = mkdtempSync(join(tmpdir(), "firebrick-fuzz-"));
  let next = 0;
  let done = 0;
  let peak = 0;
  const work = async (slot: number): Promise<void> => {
    const worker = newWorker(options.script, folder, `case-${slot}`);
    try {
      while (next < runs) {
        const number = caseNumber(options, next++);
        const result = await worker.run(number);
        peak = Math.max(peak, result.peak);
        const { message, outcome } = await confirmed(number, result, options.script, folder, slot);
        count(tallies.get(readerOf(number).name), outcome);
        if (message !== undefined) failures.push(await kept(number, message, options.script, folder, slot));
        onProgress(++done, failures.length);
      }
    } finally {
      worker.stop();
    }
  };
  try {
    const workers = Math.max(1, Math.min(availableParallelism(), runs));
    await Promise.all(Array.from({ length: workers }, (_, slot) => work(slot)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { tallies, failures, peak };
}

/** The simulated ones lie evenly among the others. */
function caseNumber({ runs, seed, simulated }: CampaignOptions, index: number): CaseNumber {
  const every = simulated === 0 ? Infinity : Math.max(1, Math.floor(runs / simulated));
  return { seed, index, simulate: index % every === every - 1 };
}

function newWorker(script: string, folder: string, name: string): WorkerProcess {
  return new WorkerProcess(script, join(folder, name), packagePath("build", "trust", "cache"));
}

/** In a process that has read nothing else. */
async function runAlone(number: CaseNumber, script: string, folder: string, slot: number): Promise<Result> {
  const worker = newWorker(script, folder, `alone-${slot}`);
  try {
    return await worker.run(number);
  } finally {
    worker.stop();
  }
}

/** A busy machine makes a slow case, other cases before it a large process: such a failure has to come again alone. */
async function confirmed(
  number: CaseNumber,
  { outcome }: Result,
  script: string,
  folder: string,
  slot: number,
): Promise<{ readonly outcome: Outcome; readonly message?: string }> {
  if (outcome.kind !== "failed") return { outcome };
  const { outcome: again } = await runAlone(number, script, folder, slot);
  if (again.kind === "failed") return { outcome: again, message: again.message };
  const isOfTheMachine = /: (no end after|\d+ MB of memory|the process ended)/.test(outcome.message);
  if (isOfTheMachine) return { outcome: again };
  return { outcome, message: `${outcome.message}\n(only behind other cases in the same process)` };
}

/** Leaves out each damage that the failure does not need, and keeps the files in build/trust/fuzz. */
async function kept(
  number: CaseNumber,
  message: string,
  script: string,
  folder: string,
  slot: number,
): Promise<Failure> {
  let damages = damagesIn(number);
  let shown = message;
  const run = (kept: readonly number[]) => runAlone({ ...number, kept }, script, folder, slot);
  for (const damage of damages) {
    const fewer = damages.filter((other) => other !== damage);
    const { outcome } = await run(fewer);
    if (outcome.kind !== "failed") continue;
    damages = fewer;
    shown = outcome.message;
  }
  await run(damages);
  const { index, seed } = number;
  const place = packagePath("build", "trust", "fuzz", `${seed}-${index}`);
  rmSync(place, { recursive: true, force: true });
  cpSync(join(folder, `alone-${slot}`), place, { recursive: true });
  return { reader: readerOf(number).name, index, message: shown, folder: place };
}

function count(tally: Tally | undefined, outcome: Outcome): void {
  if (tally === undefined) return;
  tally[outcome.kind]++;
  if (outcome.kind !== "accepted") return;
  const { step } = outcome;
  if (step !== "read") tally.golden++;
  if (step === "compile" || step === "simulate") tally.compiled++;
  if (step === "simulate") tally.simulated++;
}
