import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulationReport } from "../../../src/targets/simulation.ts";
import { runTasks } from "../../../src/cli/tasks/run-tasks.ts";
import { slurmExecutor } from "../../../src/cli/tasks/slurm.ts";
import { openWorkFolder, tasksKey, type WorkFolder } from "../../../src/cli/tasks/work-folder.ts";
import { startSlurm, until, type SlurmCluster } from "../../support/slurm.ts";
import { firebrick, inTemporaryFolder } from "../helper.ts";
import { pictureTasks, pictures } from "./tasks.ts";

// Debian's daemons; src/setup/tools.mjs installs them for the tests on Linux.
describe.runIf(process.platform === "linux")("jobs on a Slurm cluster", () => {
  let cluster: SlurmCluster;
  const { SLURM_CONF: before } = process.env;

  beforeAll(async () => {
    cluster = await startSlurm(2);
    process.env["SLURM_CONF"] = cluster.conf;
  });

  afterAll(async () => {
    await cluster.close();
    if (before === undefined) delete process.env["SLURM_CONF"];
    else process.env["SLURM_CONF"] = before;
  });

  it("loses nothing and does nothing twice when a job is killed and the controller restarts", () =>
    inTemporaryFolder(async (folder) => {
      const tasks = pictureTasks(5);
      const work = openWorkFolder(join(folder, "work"), tasksKey(tasks, []), tasks);
      const said: string[] = [];
      // Two jobs that end after the restart: none begins while the controller stops, which Slurm would lose.
      for (const index of [2, 3]) hold(work, index);
      const running = runTasks(tasks, work, slurmExecutor(work), {
        signal: new AbortController().signal,
        interval: 100,
        onProgress: () => undefined,
        say: (line) => said.push(line),
      });
      // Kill the second job as soon as it runs.
      await until(() => starts(work.path, 1).length === 1);
      process.kill(-Number(starts(work.path, 1)[0]!.split(" ")[1]), "SIGKILL");
      await until(() => said.length === 1 && [2, 3].every((index) => starts(work.path, index).length === 1));
      await cluster.stopController();
      await until(() => said.includes("the scheduler does not answer, waiting for it"));
      await cluster.startController();
      release(work);

      const results = await running;
      expect(results.map((text) => fileOf(text))).toEqual(pictures(5));
      expect(said).toContain("drawing 1 failed (it disappeared without a result), trying again");
      expect([...tasks.keys()].map((index) => starts(work.path, index).length)).toEqual([1, 2, 1, 1, 1]);
    }));

  it("simulates with the same report as one process", () =>
    inTemporaryFolder(async (folder) => {
      const line = ["simulate", "pictures", "--array", "4x4", "--memory", "bytes=8", "--json", "--input"];
      const files = pictures(3);
      const jobs = ["--executor", "slurm", "--jobs", "2", "--work", join(folder, "work")];
      const [alone, spread] = await Promise.all([
        firebrick(...line, ...files),
        firebrick(...line, ...files, ...jobs),
      ]);
      expect([alone.status, spread.status, spread.stderr]).toEqual([
        0,
        0,
        expect.stringContaining("Slurm jobs"),
      ]);
      const { simulation: one, ...report } = JSON.parse(alone.stdout) as SimulationReport;
      const { simulation: many, ...joined } = JSON.parse(spread.stdout) as SimulationReport;
      // the first image of each job loads what those behind it find on the chip
      const apart = ({ inputs, ...rest }: typeof report) => ({
        ...rest,
        inputs: inputs.map(({ cycles, memory, predictedCycles, utilization, ...answer }) => {
          expect([cycles, predictedCycles, memory.readBytes, utilization].every((count) => count > 0)).toBe(
            true,
          );
          return answer;
        }),
      });
      expect(apart(joined)).toEqual(apart(report));
      expect(joined.inputs[0]).toEqual(report.inputs[0]);
      expect(joined.inputs.map(({ bitExact, file }) => [file, bitExact])).toEqual(
        files.map((f) => [f, true]),
      );
      expect(Math.min(one.cyclesPerSecond, many.cyclesPerSecond)).toBeGreaterThan(0);
    }));
});

/** Makes the task wait for `release` before it begins its work. */
function hold(work: WorkFolder, index: number): void {
  const script = readFileSync(work.script(index), "utf8");
  const at = script.indexOf("\n", script.indexOf("starts-")) + 1;
  const wait = `until [ -e '${released(work)}' ]; do sleep 0.1; done\n`;
  writeFileSync(work.script(index), script.slice(0, at) + wait + script.slice(at));
}

function release(work: WorkFolder): void {
  writeFileSync(released(work), "");
}

function released({ path }: WorkFolder): string {
  return join(path, "released");
}

/** "HOST PID" of every process that began the task. */
function starts(folder: string, index: number): readonly string[] {
  try {
    return readFileSync(join(folder, `starts-${index}.txt`), "utf8")
      .trim()
      .split("\n");
  } catch {
    return [];
  }
}

function fileOf(text: string): string | undefined {
  return (JSON.parse(text) as { inputs: { file: string }[] }).inputs[0]?.file;
}
