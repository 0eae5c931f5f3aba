/** `simulate` over many inputs as jobs: each is a `simulate` of some of them, and one report comes out. */
import type { Accelerator } from "../targets/index.ts";
import type { SimulationReport } from "../targets/simulation.ts";
import type { NamedInput } from "./inputs.ts";
import type { Io } from "./io.ts";
import { startProgress } from "./progress.ts";
import { runAsJobs, splitIntoJobs, type ExecutorRequest } from "./tasks/executor-option.ts";
import type { Task } from "./tasks/task.ts";
import { item } from "../ir/known.ts";

/**
 * Runs `simulate` with `options` (everything but inputs) over the inputs in several processes and joins their reports in
 * the order of the inputs. `folder`: where the accelerator's files are; the simulator is built once, before the jobs.
 */
export async function simulateInJobs(
  options: readonly string[],
  accelerator: Accelerator,
  inputs: readonly NamedInput[],
  request: ExecutorRequest,
  folder: string,
  io: Io,
): Promise<SimulationReport> {
  const build = startProgress(io, "build");
  const buildSeconds = await accelerator
    .build({ folder, signal: io.signal, onBuild: (done, total) => build.update(done, total) })
    .finally(() => {
      build.stop();
    });
  const jobs = splitIntoJobs(inputs, request);
  const tasks = jobs.map((part): Task => {
    const files = part.map(({ file }) => file);
    const name = files.length === 1 ? item(files, 0) : `${files[0]} to ${files.at(-1)}`;
    return { name, args: ["simulate", ...options, "--json", "--input", ...files] };
  });
  const contents = [...accelerator.files().values(), ...inputs.map(({ values }) => new Uint8Array(values))];
  const printed = await runAsJobs(tasks, contents, request, io);
  const reports = printed.map((text) => JSON.parse(text) as SimulationReport);
  return {
    ...item(reports, 0),
    inputs: reports.flatMap((report) => report.inputs),
    simulation: {
      buildSeconds,
      // Of one process.
      cyclesPerSecond: Math.round(
        reports.reduce((sum, report) => sum + report.simulation.cyclesPerSecond, 0) / reports.length,
      ),
    },
  };
}
