import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulationReport } from "../../../src/targets/simulation.ts";
import { runTasks } from "../../../src/cli/tasks/run-tasks.ts";
import { slurmExecutor } from "../../../src/cli/tasks/slurm.ts";
import { openWorkFolder, tasksKey } from "../../../src/cli/tasks/work-folder.ts";
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
      const running = runTasks(tasks, work, slurmExecutor(work), {
        signal: new AbortController().signal,
        interval: 300,
        onProgress: () => undefined,
        say: (line) => said.push(line),
      });
      // Kill the second job as soon as it runs.
      await until(() => starts(work.path, 1).length === 1);
      process.kill(-Number(starts(work.path, 1)[0]!.split(" ")[1]), "SIGKILL");
      await until(() => work.end(2) !== null);
      await cluster.stopController();
      await until(() => said.includes("the scheduler does not answer, waiting for it"));
      await cluster.startController();

      const results = await running;
      expect(results.map((text) => fileOf(text))).toEqual(pictures(5));
      expect(said).toContain("drawing 1 failed (it disappeared without a result), trying again");
      expect([...tasks.keys()].map((index) => starts(work.path, index).length)).toEqual([1, 2, 1, 1, 1]);
    }));

  it("simulates with the same report as one process", () =>
    inTemporaryFolder(async (folder) => {
      const line = ["simulate", "pictures", "--array", "4x4", "--memory", "bytes=8", "--json", "--input"];
      const files = pictures(4);
      const alone = await firebrick(...line, ...files);
      const jobs = ["--executor", "slurm", "--jobs", "3", "--work", join(folder, "work")];
      const spread = await firebrick(...line, ...files, ...jobs);
      expect([alone.status, spread.status, spread.stderr]).toEqual([
        0,
        0,
        expect.stringContaining("Slurm jobs"),
      ]);
      const { simulation: one, ...report } = JSON.parse(alone.stdout) as SimulationReport;
      const { simulation: many, ...joined } = JSON.parse(spread.stdout) as SimulationReport;
      expect(joined).toEqual(report);
      expect(joined.inputs.map(({ bitExact, file }) => [file, bitExact])).toEqual(
        files.map((f) => [f, true]),
      );
      expect(Math.min(one.cyclesPerSecond, many.cyclesPerSecond)).toBeGreaterThan(0);
    }));
});

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
