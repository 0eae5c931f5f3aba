import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFiles } from "../../codegen/write.ts";
import {
  simulate,
  type SimulationJob,
  type SimulationResult,
  type WaveformOptions,
} from "../../sim/index.ts";
import { compileModel, compileSmall, type Compiled } from "../compile.ts";
import { runGolden, type GoldenResult } from "../golden/run.ts";
import type { IntGraph } from "../ir/integer.ts";
import { chooseHardware, parseHardware, type HardwareArgs } from "./board-option.ts";
import { command } from "./command.ts";
import { RefusedError, DivergenceError } from "./status.ts";
import { assertDistinctNames, dumpLogits, readInputs } from "./inputs.ts";
import type { NamedInput } from "./inputs.ts";
import { breathe, printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { loadForCommand, noteFloatLayers } from "./model.ts";
import type { ModelArgs } from "./model.ts";
import { option, optional, optionWords, parseTraceWindow, single } from "./options.ts";
import { withOutputFolder } from "./output-folder.ts";
import { pictureOptions, withPictureRule, type PictureOptions } from "./picture-rule.ts";
import { predictedByLayer } from "./predicted.ts";
import { startProgress } from "./progress.ts";
import { simulateInJobs } from "./simulate-jobs.ts";
import { simulationJob, type JobOptions } from "./simulation-job.ts";
import {
  describeDivergence,
  formatReport,
  logitsOfImage,
  simulationReport,
  type SimulationReport,
} from "./simulation-report.ts";
import { simulateSmall, smallBoard } from "./small-engine.ts";
import { executorOptions, parseExecutor, type ExecutorArgs } from "./tasks/executor-option.ts";

export const simulateCommand = command(
  (yargs) =>
    yargs
      .positional("model", option.model)
      .option("input", option.input)
      .options(pictureOptions)
      .option("board", option.board)
      .option("array", option.boardArray)
      .option("memory", option.boardMemory)
      .option("buffers", option.buffers)
      .option("out", { ...option.out, describe: "keep the Verilog in this folder" })
      .option("dump-logits", option.dumpLogits)
      .option("trace", option.trace)
      .option("trace-window", option.traceWindow)
      .option("dump-after", option.dumpAfter)
      .option("seed", option.seed)
      .option("activation", option.activation)
      .options(executorOptions)
      .option("json", option.json)
      .example("$0 simulate net.tflite --input cat.jpg", "cycles of each layer; status 1 when one differs")
      .example("$0 simulate net.tflite --input cat.jpg --trace run.fst --trace-window 0:5000", "waveform")
      .example("$0 simulate net.tflite --input pictures/*.jpg --executor slurm --jobs 64", "on a cluster"),
  (args, io) => runSimulate(args, io),
);

interface Args extends ModelArgs, HardwareArgs, PictureOptions, ExecutorArgs {
  readonly input: readonly string[];
  readonly out?: string | undefined;
  readonly dumpLogits?: string | undefined;
  readonly trace?: string | undefined;
  readonly traceWindow?: string | undefined;
  readonly json: boolean;
}

/** Throws DivergenceError behind the report when an input differed or did not end. */
async function runSimulate(args: Args, io: Io): Promise<void> {
  const request = parseHardware(args);
  const waveform = parseWaveform(args);
  const executor = parseExecutor(args);
  if (executor && waveform)
    throw new RefusedError("--trace records one process: leave --executor out, or --trace");
  const out = optional((value) => single("-o", value), args.out);
  const logitsFolder = optional((value) => single("--dump-logits", value), args.dumpLogits);
  if (logitsFolder !== undefined) assertDistinctNames(args.input);
  const graph = withPictureRule(loadForCommand(args, io), args);
  noteFloatLayers(graph, io);
  const inputs = await readInputs(args.input, graph);
  const small = smallBoard(request);
  if (small !== undefined) {
    if (executor)
      throw new RefusedError("--executor shares out arrays' simulations: leave it out for a small engine");
    if (waveform?.window)
      throw new RefusedError("--trace-window is for arrays: a small engine's waveform is whole");
    const compiled = compileSmall(graph, small);
    const report = await withCompiled(compiled, out, (folder) =>
      simulateSmall(args.model, compiled, small, inputs, { folder, logitsFolder, trace: waveform?.file }, io),
    );
    printReport(args, report, out, io);
    return;
  }
  const { array, buffers, busBytes, choice, memory } = chooseHardware(graph, request);
  const compiled = compileModel(graph, { array, busBytes, buffers, board: choice?.board });

  const measured = await withCompiled(compiled, out, (folder) =>
    executor
      ? simulateInJobs(taskOptions(args), compiled, inputs, executor, folder, io)
      : simulateHere(args.model, compiled, inputs, { folder, memory, waveform, logitsFolder }, io),
  );
  printReport(args, { ...measured, board: choice?.board.name ?? "none" }, out, io);
}

/** Throws DivergenceError behind the report when an input differed or did not end. */
function printReport(args: Args, report: SimulationReport, out: string | undefined, io: Io): void {
  if (args.json) printJson(io, report);
  else io.out(`${formatReport(report)}${out === undefined ? "" : `Verilog in ${join(out, "rtl")}\n`}`);
  const wrong = report.inputs.filter((input) => !input.bitExact);
  if (wrong.length > 0) throw new DivergenceError(wrong.map(describeDivergence).join("\n"));
}

/** The command line of a job: what this one says of the model, its pictures, the hardware and the memory. */
function taskOptions(args: Args): string[] {
  const { activation, array, board, buffers, dumpLogits, memory, model, seed } = args;
  const { channels, crop, mean, resize, std } = args;
  const pictures = { mean, std, channels, resize, crop };
  const given = { activation, array, board, memory, buffers, seed, ...pictures, "dump-logits": dumpLogits };
  return [model, ...optionWords(given)];
}

interface SimulationSetting extends Omit<JobOptions, "predictedCycles"> {
  readonly logitsFolder: string | undefined;
}

/** Every input in one simulator, one after the other. */
async function simulateHere(
  model: string,
  compiled: Compiled,
  inputs: readonly NamedInput[],
  { logitsFolder, ...setting }: SimulationSetting,
  io: Io,
): Promise<SimulationReport> {
  const predicted = predictedByLayer(compiled.plan, setting.memory);
  const predictedCycles = predicted.reduce((sum, cycles) => sum + cycles, 0);
  const golden = await runGoldens(compiled.plan.graph, inputs, io);
  const result = await runJob(simulationJob(compiled, inputs, golden, { ...setting, predictedCycles }), io);
  if (logitsFolder !== undefined) {
    const named = result.images.map((image, index) => ({
      name: inputs[index]!.name,
      logits: logitsOfImage(compiled.plan, image),
    }));
    dumpLogits(logitsFolder, named);
  }
  return simulationReport(model, compiled.plan, inputs, predicted, result);
}

/** The golden model on every input; lets Ctrl-C in between. */
async function runGoldens(graph: IntGraph, inputs: readonly NamedInput[], io: Io): Promise<GoldenResult[]> {
  const results = [];
  for (const { values } of inputs) {
    await breathe(io.signal);
    results.push(runGolden(graph, values));
  }
  return results;
}

function parseWaveform({ trace, traceWindow }: Args): WaveformOptions | undefined {
  const file = optional((value) => single("--trace", value), trace);
  const window = optional(parseTraceWindow, traceWindow);
  if (file === undefined && window !== undefined)
    throw new RefusedError("--trace-window says which cycles to record: name the file with --trace FILE.fst");
  return file === undefined ? undefined : { file, ...(window === undefined ? {} : { window }) };
}

/** Calls `body` with a folder that holds the compiled files: `out`, or one that does not outlive the call. */
export async function withCompiled<T>(
  { files }: Pick<Compiled, "files">,
  out: string | undefined,
  body: (folder: string) => Promise<T>,
): Promise<T> {
  if (out !== undefined) {
    await withOutputFolder(out, (partial) => writeFiles(files, partial));
    return body(out);
  }
  const folder = await mkdtemp(join(tmpdir(), "firebrick-compiled-"));
  try {
    writeFiles(files, folder);
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Builds and runs the simulator with progress on stderr. */
export async function runJob(job: SimulationJob, io: Io): Promise<SimulationResult> {
  const build = startProgress(io, "build");
  const running = startProgress(io, "simulate");
  try {
    return await simulate(job, {
      signal: io.signal,
      onBuild: (done, total) => build.update(done, total),
      onProgress: ({ cycles, cyclesPerSecond, image, images, secondsLeft, totalCycles }) => {
        build.stop();
        // The bar of a terminal says itself how long it will take.
        const left = io.isTerminal || secondsLeft === undefined ? "" : `, ${Math.ceil(secondsLeft)} s left`;
        const which = images > 1 ? `input ${image + 1} of ${images}, ` : "";
        running.update(
          Math.min(cycles, totalCycles ?? cycles),
          totalCycles ?? cycles,
          `${which}${cycles} cycles, ${Math.round(cyclesPerSecond / 1000)} kHz${left}`,
        );
      },
    });
  } finally {
    build.stop();
    running.stop();
  }
}
