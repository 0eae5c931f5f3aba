import { setTimeout as sleep } from "node:timers/promises";
import { MissingToolError } from "../../ir/errors.ts";
import { RefusedError, status } from "../status.ts";
import type { Executor, Task } from "./task.ts";
import type { TaskEnd, WorkFolder } from "./work-folder.ts";
import { item, known } from "../../ir/known.ts";

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. */
  readonly interval: number;
  readonly onProgress: (done: number, note: string) => void;
  /** Remarks: a task is tried again, the scheduler is silent. */
  readonly say: (text: string) => void;
}

/** Attempts at a task. */
const ATTEMPTS = 2;

/**
 * Runs what the folder has no result of yet and returns what every task printed, in their order. A task that is lost,
 * killed or ends in an internal error is tried once more; the others go on. Throws RefusedError with the names of the
 * tasks that failed twice or were refused (status 2), MissingToolError, or the signal's reason; the folder keeps what is done.
 */
export async function runTasks(
  tasks: readonly Task[],
  folder: WorkFolder,
  executor: Executor,
  options: RunOptions,
): Promise<readonly string[]> {
  const results = new Map<number, string>();
  const failures = tasks.map((): string[] => []);
  const absent = new Set<number>();
  const open = (): number[] =>
    [...tasks.keys()].filter((index) => !results.has(index) && item(failures, index).length < ATTEMPTS);
  try {
    collect(open(), folder, results);
    // An earlier process of this command may have left jobs that still run.
    const adopted = await executor.alive();
    if (adopted === null)
      throw new RefusedError("the scheduler does not answer: see that it runs, then try again");
    const first = open().filter((index) => !adopted.has(index));
    for (const index of first) folder.forget(index);
    if (first.length > 0) await executor.start(first);
    let silent = false;
    while (open().length > 0) {
      await sleep(options.interval, undefined, { signal: options.signal });
      // Asked before the results are read: a task that is neither alive nor done has been lost.
      const alive = await executor.alive();
      if (alive === null && !silent) options.say("the scheduler does not answer, waiting for it");
      silent = alive === null;
      const failed = collect(open(), folder, results);
      for (const index of open()) {
        if (alive === null || alive.has(index) || failed.has(index)) absent.delete(index);
        // On a shared file system a result can come a moment after its job has gone.
        else if (absent.has(index)) failed.set(index, { status: -1, stdout: "", stderr: "" });
        else absent.add(index);
      }
      if (alive !== null) await retry(failed);
      options.onProgress(results.size, `${results.size} of ${tasks.length} tasks`);
    }
  } catch (error) {
    await executor.stop();
    options.signal.throwIfAborted();
    throw error;
  }
  const lost = [...tasks.keys()].filter((index) => !results.has(index));
  if (lost.length === 0)
    return [...tasks.keys()].map((index) => known(results.get(index), "no result is lost"));
  const lines = lost.map((index) => `${item(tasks, index).name}: ${item(failures, index).join("; then ")}`);
  throw new RefusedError(
    `${lost.length} of ${tasks.length} tasks failed twice:\n${lines.join("\n")}\n` +
      `The results of the others are in ${folder.path}: the same command goes on from there`,
  );

  async function retry(failed: ReadonlyMap<number, TaskEnd>): Promise<void> {
    const again = [];
    for (const [index, end] of failed) {
      const { name } = item(tasks, index);
      if (end.status === status.input) throw new RefusedError(`${name}: ${messageOf(end)}`);
      if (end.status === status.missingTool) throw missingTool(name, messageOf(end));
      absent.delete(index);
      item(failures, index).push(reasonOf(end));
      if (item(failures, index).length === ATTEMPTS) continue;
      options.say(`${name} failed (${reasonOf(end)}), trying again`);
      folder.forget(index);
      again.push(index);
    }
    if (again.length > 0) await executor.start(again);
  }
}

/** Takes the results that are there; returns the tasks that ended without one. */
function collect(
  indices: readonly number[],
  folder: WorkFolder,
  results: Map<number, string>,
): Map<number, TaskEnd> {
  const failed = new Map<number, TaskEnd>();
  for (const index of indices) {
    const end = folder.end(index);
    if (end === null) continue;
    // Hardware that differs is a result too.
    if (end.status === status.ok || end.status === status.differs) results.set(index, end.stdout);
    else failed.set(index, end);
  }
  return failed;
}

/** The error that the task's own process ended with, and where. */
function missingTool(name: string, message: string): MissingToolError {
  const [, tool = "a tool", install = message] =
    /^(.*) is not installed\. Install it with: (.*)/s.exec(message) ?? [];
  return new MissingToolError(`${tool} (where ${name} ran)`, install);
}

function reasonOf(end: TaskEnd): string {
  if (end.status < 0) return "it disappeared without a result";
  const last = messageOf(end);
  const how = end.status > 128 ? `killed by signal ${end.status - 128}` : `status ${end.status}`;
  return last === "" ? how : `${how}: ${last}`;
}

/** The last thing it said, without the progress before it. */
function messageOf({ stderr }: TaskEnd): string {
  const at = stderr.lastIndexOf("firebrick: ");
  return at < 0 ? "" : stderr.slice(at + "firebrick: ".length).trim();
}
