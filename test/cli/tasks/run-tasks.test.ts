import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { localExecutor } from "../../../src/cli/tasks/local.ts";
import { runTasks } from "../../../src/cli/tasks/run-tasks.ts";
import type { Task } from "../../../src/cli/tasks/task.ts";
import { openWorkFolder, tasksKey, type WorkFolder } from "../../../src/cli/tasks/work-folder.ts";
import { firebrick, inTemporaryFolder } from "../helper.ts";
import { until } from "../../support/slurm.ts";
import { pictureTasks, pictures } from "./tasks.ts";

function run(tasks: readonly Task[], work: WorkFolder, signal = new AbortController().signal) {
  const said: string[] = [];
  const results = runTasks(tasks, work, localExecutor(work, 2), {
    ...{ signal, interval: 50, onProgress: () => undefined },
    say: (line) => said.push(line),
  });
  return { results, said };
}

const open = (folder: string, tasks: readonly Task[]): WorkFolder =>
  openWorkFolder(join(folder, "work"), tasksKey(tasks, []), tasks);

const fileOf = (text: string): string | undefined =>
  (JSON.parse(text) as { inputs: { file: string }[] }).inputs[0]?.file;

describe("tasks as local processes", () => {
  it("returns the results in the order of the tasks and goes on where it was interrupted", () =>
    inTemporaryFolder(async (folder) => {
      const tasks = pictureTasks(5);
      const interrupt = new AbortController();
      const work = open(folder, tasks);
      const first = run(tasks, work, interrupt.signal);
      const outcome = expect(first.results).rejects.toThrow("aborted");
      await until(() => work.end(0) !== null);
      interrupt.abort();
      await outcome;
      const done = tasks.filter((_, index) => work.end(index)?.status === 0).length;
      expect(done).toBeGreaterThan(0);
      expect(done).toBeLessThan(5);

      const results = await run(tasks, open(folder, tasks)).results;
      expect(results.map(fileOf)).toEqual(pictures(5));
      const starts = (index: number) =>
        readFileSync(join(work.path, `starts-${index}.txt`), "utf8")
          .trim()
          .split("\n").length;
      expect(starts(0)).toBe(1);
    }));

  it("tries a task that ends in an error once more, then names it and keeps the others", () =>
    inTemporaryFolder(async (folder) => {
      const tasks = pictureTasks(2);
      const work = open(folder, tasks);
      writeFileSync(
        work.script(1),
        `echo 'firebrick: broken' > '${join(work.path, "log-1.txt")}'; echo 137 > '${join(work.path, "status-1.txt")}'\n`,
      );
      const { results, said } = run(tasks, work);
      await expect(results).rejects.toThrow(
        /1 of 2 tasks failed twice:\ndrawing 1: killed by signal 9: broken; then killed by signal 9: broken\n/,
      );
      expect(said).toEqual(["drawing 1 failed (killed by signal 9: broken), trying again"]);
      expect(fileOf(work.end(0)!.stdout)).toBe(pictures(1)[0]);
    }));

  it("passes on what a task says of its input", () =>
    inTemporaryFolder(async (folder) => {
      const tasks = [{ name: "nothing", args: ["golden", "pictures", "--input", "gone.png", "--json"] }];
      const { results } = run(tasks, open(folder, tasks));
      await expect(results).rejects.toThrow(/^nothing: missing-file: gone\.png/);
    }));

  it("does not take another command's folder", () =>
    inTemporaryFolder((folder) => {
      open(folder, pictureTasks(2));
      expect(() => open(folder, pictureTasks(3))).toThrow(/^work-folder: .*results of another command/);
    }));
});

describe("--executor", () => {
  it("leaves nothing behind and refuses what it does not know", () =>
    inTemporaryFolder(async (folder) => {
      const work = join(folder, "work");
      const line = ["simulate", "pictures", "--array", "4x4", "--memory", "bytes=8", "--json"];
      const input = ["--input", ...pictures(2)];
      const run = await firebrick(...line, ...input, "--executor", "local", "--work", work);
      expect([run.status, existsSync(work)]).toEqual([0, false]);
      const wrong = async (...args: readonly string[]) =>
        (await firebrick(...line, ...input, ...args)).stderr;
      expect(await wrong("--executor", "cloud")).toMatch(/bad-option: --executor: found "cloud"/);
      expect(await wrong("--jobs", "4")).toMatch(/bad-option: --jobs: found no --executor/);
      expect(await wrong("--executor", "local", "--jobs", "0")).toMatch(/bad-option: --jobs: found "0"/);
      expect(await wrong("--executor", "local", "--trace", "a.fst")).toMatch(/--trace records one process/);
    }));
});
