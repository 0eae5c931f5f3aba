/** `--executor`: a run over many inputs as tasks, on this machine or on a Slurm cluster. */
import { availableParallelism } from "node:os";
import { InputError } from "../../ir/errors.ts";
import type { Io } from "../io.ts";
import { optional, single } from "../options.ts";
import { startProgress } from "../progress.ts";
import { localExecutor } from "./local.ts";
import { runTasks } from "./run-tasks.ts";
import { slurmExecutor } from "./slurm.ts";
import type { Task } from "./task.ts";
import { openWorkFolder, tasksKey } from "./work-folder.ts";

const text = { type: "string", requiresArg: true } as const;

/** For yargs. */
export const executorOptions = {
  executor: {
    ...text,
    describe: "run the inputs as jobs: local (processes of this machine), slurm (a job array)",
  },
  jobs: {
    ...text,
    describe: "jobs to split the inputs into",
    defaultDescription: "local: four a processor, slurm: one an input",
  },
  work: {
    ...text,
    describe: "folder of the jobs' results, from which the same command goes on after an interruption",
    defaultDescription: "firebrick-tasks-*, removed at the end",
  },
} as const;

export interface ExecutorArgs {
  readonly executor?: string | undefined;
  readonly jobs?: string | undefined;
  readonly work?: string | undefined;
}

export interface ExecutorRequest {
  readonly kind: "local" | "slurm";
  readonly jobs: number | undefined;
  readonly work: string | undefined;
}

/** An array of Slurm has at most 1001 elements unless its administrator says otherwise: MaxArraySize, slurm.conf(5). */
const MOST_JOBS = 1000;

/** undefined: everything in this process. Throws InputError `bad-option`. */
export function parseExecutor(args: ExecutorArgs): ExecutorRequest | undefined {
  const kind = optional((value) => single("--executor", value), args.executor);
  const jobs = optional((value) => single("--jobs", value), args.jobs);
  const work = optional((value) => single("--work", value), args.work);
  if (kind === undefined) {
    const stray = jobs === undefined ? work && "--work" : "--jobs";
    if (stray) throw badOption(stray, "no --executor", "with --executor only", "add --executor local");
    return undefined;
  }
  if (kind !== "local" && kind !== "slurm")
    throw badOption("--executor", `"${kind}"`, "local, slurm", "write --executor local");
  const count = Number(jobs ?? 1);
  if (!Number.isInteger(count) || count < 1 || count > MOST_JOBS)
    throw badOption("--jobs", `"${jobs}"`, `1 to ${MOST_JOBS}`, "write for example --jobs 8");
  return { kind, jobs: jobs === undefined ? undefined : count, work };
}

/** Splits a list into jobs, in order and as evenly as it goes. */
export function splitIntoJobs<T>(list: readonly T[], { jobs, kind }: ExecutorRequest): T[][] {
  const most = jobs ?? (kind === "local" ? 4 * availableParallelism() : MOST_JOBS);
  const count = Math.max(1, Math.min(most, list.length));
  const start = (job: number): number => Math.floor((job * list.length) / count);
  return Array.from({ length: count }, (_, job) => list.slice(start(job), start(job + 1)));
}

/**
 * What every task printed, in their order. `contents`: what the tasks read; other contents make it another run.
 * Throws as runTasks and openWorkFolder do.
 */
export async function runAsJobs(
  tasks: readonly Task[],
  contents: readonly (string | Uint8Array)[],
  { kind, work }: ExecutorRequest,
  io: Io,
): Promise<readonly string[]> {
  const key = tasksKey(tasks, contents);
  const folder = openWorkFolder(work ?? `firebrick-tasks-${key}`, key, tasks);
  const executor = kind === "slurm" ? slurmExecutor(folder) : localExecutor(folder);
  const progress = startProgress(io, kind === "slurm" ? "Slurm jobs" : "jobs");
  try {
    const results = await runTasks(tasks, folder, executor, {
      signal: io.signal,
      interval: kind === "slurm" ? 1000 : 100,
      onProgress: (done, note) => {
        progress.update(done, tasks.length, note);
      },
      say: (line) => {
        io.err(`${line}\n`);
      },
    });
    folder.remove();
    return results;
  } catch (error) {
    if (io.signal.aborted) io.err(`the same command goes on with what is in ${folder.path}\n`);
    throw error;
  } finally {
    progress.stop();
  }
}

function badOption(node: string, found: string, supported: string, fix: string): InputError {
  return new InputError({ code: "bad-option", node, found, supported, fix });
}
