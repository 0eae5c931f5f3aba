import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { assert, namePath } from "../src/ir/errors.ts";
import { item } from "../src/ir/known.ts";
import { buildSimulator } from "./build.ts";
import { extractMap, goldenFile } from "./compare.ts";
import { parseEvents } from "./events.ts";
import { hasGolden, jobText, type SimulationJob } from "./job.ts";
import { harnessSchema, type ImageResult, type SimulationResult } from "./result.ts";
import { endWithUs } from "./tools/run-tool.ts";
import { inTemporaryFolder } from "./tools/temporary-folder.ts";
import type { WaveformKind } from "./tools/verilator.ts";
import { checkWritable, waveformKind } from "./waveform.ts";

export interface SimulationProgress {
  /** Index of the input that runs, of `images`. */
  readonly image: number;
  readonly images: number;
  /** Of all images so far. */
  readonly cycles: number;
  /** When the job predicts its cycles. */
  readonly totalCycles?: number;
  readonly cyclesPerSecond: number;
  readonly secondsLeft?: number;
}

export interface SimulationOptions {
  readonly signal?: AbortSignal;
  /** C++ files built so far, of all. */
  readonly onBuild?: (done: number, total: number) => void;
  readonly onProgress?: (progress: SimulationProgress) => void;
}

/**
 * Builds the simulator when there is none for this Verilog, then runs every input of the job. Hardware that computes
 * wrongly or hangs is a result; MissingToolError, ToolError, InputError (waveform file) and the abort of the signal are
 * thrown. Ends its child processes and removes its temporary files however it ends.
 */
export async function simulate(
  job: SimulationJob,
  options: SimulationOptions = {},
): Promise<SimulationResult> {
  const waveform = waveformKind(job.waveform);
  if (job.waveform) checkWritable(job.waveform);
  let finished = false;
  try {
    const result = await inTemporaryFolder((folder) => run(folder, waveform, job, options));
    finished = true;
    return result;
  } finally {
    if (!finished && job.waveform) await rm(job.waveform.file, { force: true });
  }
}

/** `folder`: for what goes to the harness and comes back. */
async function run(
  folder: string,
  waveform: WaveformKind,
  job: SimulationJob,
  options: SimulationOptions,
): Promise<SimulationResult> {
  const { onBuild, signal } = options;
  const build = await buildSimulator({
    compiledDir: job.compiledDir,
    pk: job.pk,
    busBytes: job.busBytes,
    waveform,
    ...(signal === undefined ? {} : { signal }),
    ...(onBuild === undefined ? {} : { onProgress: onBuild }),
  });
  await writeJob(job, folder);
  const report = harnessSchema.parse(JSON.parse(await runHarness(build.executable, folder, job, options)));
  const images = report.images.map(async (image, i): Promise<ImageResult> => {
    const region = await readFile(join(folder, `output-${i}.bin`));
    const outputs = job.outputs.map((layout) => extractMap(region, layout));
    if (job.events !== true) return { ...image, outputs };
    const events = await readFile(join(folder, `events-${i}.txt`), "utf8");
    return { ...image, outputs, events: parseEvents(events, job.busBytes) };
  });
  return {
    buildSeconds: build.seconds,
    buildCached: build.cached,
    cycles: report.cycles,
    seconds: report.seconds,
    cyclesPerSecond: report.cycles / report.seconds,
    images: await Promise.all(images),
  };
}

async function writeJob(job: SimulationJob, folder: string): Promise<void> {
  await writeFile(join(folder, "model.bin"), job.regions.model);
  for (const [i, input] of job.regions.inputs.entries()) {
    await writeFile(join(folder, `input-${i}.bin`), input);
    if (!hasGolden(job, i)) continue;
    const outputs = job.expectedOutputs?.[i]?.map((values, n) => ({ layout: item(job.outputs, n), values }));
    await writeFile(join(folder, `golden-${i}.bin`), goldenFile(job.expected?.[i] ?? [], outputs));
  }
  await writeFile(join(folder, "job.txt"), jobText(job));
}

const NOT_RUN = "let files be executed there, or name another folder in FIREBRICK_CACHE";

/** Runs the harness in its folder and returns what it printed. */
async function runHarness(
  executable: string,
  folder: string,
  job: SimulationJob,
  options: SimulationOptions,
): Promise<string> {
  options.signal?.throwIfAborted();
  const child = execa(executable, { cwd: folder, detached: true, reject: false, stdin: "ignore" });
  const release = endWithUs(child.pid, options.signal);
  try {
    const lines = createInterface({ input: child.stderr });
    const report = progressReporter(job, options);
    lines.on("line", (line) => {
      report(line);
    });
    const result = await child;
    options.signal?.throwIfAborted();
    if (result.code !== undefined) throw namePath(result.cause, executable, NOT_RUN);
    const known = result.exitCode === 0 || result.exitCode === 1 || result.exitCode === 3;
    assert(
      known,
      `the simulator ended with ${result.signal ?? `status ${result.exitCode}`}: ${result.stderr}`,
    );
    return result.stdout;
  } finally {
    release();
  }
}

/** Turns `progress IMAGE CYCLES` lines into progress with speed and time left. */
function progressReporter(job: SimulationJob, options: SimulationOptions): (line: string) => void {
  const start = performance.now();
  const images = job.regions.inputs.length;
  const totalCycles = job.predictedCycles === undefined ? undefined : job.predictedCycles * images;
  let image = 0;
  let before = 0;
  let latest = 0;
  return (line) => {
    const found = /^progress (\d+) (\d+)$/.exec(line);
    if (found === null) return;
    if (Number(found[1]) !== image) {
      image = Number(found[1]);
      before += job.predictedCycles ?? latest;
    }
    latest = Number(found[2]);
    const cycles = before + latest;
    const cyclesPerSecond = (1000 * cycles) / (performance.now() - start);
    options.onProgress?.({
      image,
      images,
      cycles,
      cyclesPerSecond,
      ...(totalCycles === undefined
        ? {}
        : { totalCycles, secondsLeft: Math.max(0, totalCycles - cycles) / cyclesPerSecond }),
    });
  };
}
