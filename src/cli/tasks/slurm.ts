import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool, ToolError, type ToolName } from "../../../sim/tools/run-tool.ts";
import { RefusedError } from "../status.ts";
import type { Executor } from "./task.ts";
import type { WorkFolder } from "./work-folder.ts";

const install = "sudo apt-get install slurm-client, and a slurm.conf of your cluster";
const sbatch: ToolName = { command: "sbatch", install };
const squeue: ToolName = { command: "squeue", install };
const scancel: ToolName = { command: "scancel", install };

/**
 * Tasks as elements of Slurm job arrays (sbatch(1), squeue(1)). The work folder has to be on a file system that the
 * nodes share. Jobs are found by their name, which is the run's, so a second process of the same command adopts those
 * that an earlier one left. Partition, account and time come from sbatch's own SBATCH_ variables.
 */
export function slurmExecutor(folder: WorkFolder): Executor {
  const name = `firebrick-${folder.key}`;
  const script = join(folder.path, "array.sh");
  return {
    async start(indices) {
      writeFileSync(script, `#!/bin/sh\nexec sh "${folder.path}/task-$SLURM_ARRAY_TASK_ID.sh"\n`);
      const line = [
        "--parsable",
        `--job-name=${name}`,
        `--array=${indices.join(",")}`,
        "--ntasks=1",
        `--chdir=${folder.path}`,
        "--output=slurm-%a.txt",
        script,
      ];
      try {
        await runTool(sbatch, line);
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        throw new RefusedError(`Slurm does not take the jobs: ${error.output}`);
      }
    },
    async alive() {
      try {
        const line = ["--noheader", "--array", "--me", `--name=${name}`, "--format=%K"];
        const { stdout } = await runTool(squeue, line);
        return new Set(stdout.split("\n").filter(Boolean).map(Number));
      } catch (error) {
        // A controller that is being restarted keeps its jobs: ask again later.
        if (error instanceof ToolError) return null;
        throw error;
      }
    },
    async stop() {
      await runTool(scancel, ["--me", `--name=${name}`]).catch((error: unknown) => {
        if (!(error instanceof ToolError)) throw error;
      });
    },
  };
}
