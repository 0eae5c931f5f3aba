import { join } from "node:path";
import type { OutputFiles } from "../../codegen/generate.ts";
import { writeFiles } from "../../codegen/write.ts";
import { inTemporaryFolder } from "../../sim/tools/temporary-folder.ts";
import type { WaveformOptions } from "../../sim/waveform.ts";
import { compile, simulate, type Accelerator, type SimulateOptions, type Simulated } from "../index.ts";
import type { SimulationReport } from "../targets/simulation.ts";
import { parseHardware, type HardwareArgs } from "./board-option.ts";
import { command } from "./command.ts";
import { RefusedError, DivergenceError } from "./status.ts";
import { dumpResults, parseDumps, readInputs, type DumpOptions } from "./inputs.ts";
import type { NamedInput } from "./inputs.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { casesOf, junit } from "./junit.ts";
import { loadForCommand, noteFloatLayers } from "./model.ts";
import type { ModelArgs } from "./model.ts";
import { option, optional, optionWords, parseTraceWindow, single } from "./options.ts";
import { checkOutputFile, writeOutputFile } from "./output-file.ts";
import { withOutputFolder } from "./output-folder.ts";
import { pictureOptions, pictureWords, withPictureOptions, type PictureOptions } from "./picture-rule.ts";
import { startProgress } from "./progress.ts";
import { simulateInJobs } from "./simulate-jobs.ts";
import { describeDivergence, formatReport } from "./simulation-text.ts";
import { executorOptions, parseExecutor, type ExecutorArgs } from "./tasks/executor-option.ts";
import { item } from "../ir/known.ts";

export const simulateCommand = command(
  (yargs) =>
    yargs
      .positional("model", option.model)
      .option("input", option.input)
      .options(pictureOptions)
      .option("labels", option.labels)
      .option("board", option.board)
      .option("fill", option.fill)
      .option("array", option.boardArray)
      .option("memory", option.boardMemory)
      .option("buffers", option.buffers)
      .option("sparse", option.sparse)
      .option("out", { ...option.out, describe: "keep the Verilog in this folder" })
      .option("dump-logits", option.dumpLogits)
      .option("dump-outputs", option.dumpOutputs)
      .option("trace", option.trace)
      .option("trace-window", option.traceWindow)
      .option("perfetto", option.perfetto)
      .option("junit", option.junit)
      .option("until", option.until)
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

interface Args extends ModelArgs, HardwareArgs, PictureOptions, ExecutorArgs, DumpOptions {
  readonly input: readonly string[];
  readonly out?: string | undefined;
  readonly trace?: string | undefined;
  readonly traceWindow?: string | undefined;
  readonly perfetto?: string | undefined;
  readonly junit?: string | undefined;
  readonly json: boolean;
}

/** Throws DivergenceError behind the report when an input differed or did not end. */
async function runSimulate(args: Args, io: Io): Promise<void> {
  const request = parseHardware(args);
  const waveform = parseWaveform(args);
  const executor = parseExecutor(args);
  if (executor && waveform)
    throw new RefusedError("--trace records one process: leave --executor out, or --trace");
  const perfetto = optional((value) => single("--perfetto", value), args.perfetto);
  if (perfetto !== undefined) {
    if (executor)
      throw new RefusedError("--perfetto records one process: leave --executor out, or --perfetto");
    checkOutputFile(perfetto);
  }
  const out = optional((value) => single("-o", value), args.out);
  const junitFile = optional((value) => single("--junit", value), args.junit);
  if (junitFile !== undefined) checkOutputFile(junitFile);
  const dumps = parseDumps(args);
  const graph = withPictureOptions(loadForCommand(args, io), args, io);
  noteFloatLayers(graph, io);
  const inputs = await readInputs(args.input, graph, io);
  const accelerator = await compile(graph, request);
  const report = await withFiles(accelerator.files(), out, async (folder) => {
    if (executor) return simulateInJobs(taskOptions(args), accelerator, inputs, executor, folder, io);
    const { model } = args;
    const wanted = { model, inputs, folder, waveform, perfetto: perfetto !== undefined };
    const simulated = await simulateWithProgress(accelerator, wanted, io);
    dumpResults(dumps, withNames(simulated, inputs));
    if (perfetto !== undefined && simulated.perfetto !== null)
      writeOutputFile(perfetto, Buffer.from(simulated.perfetto));
    return simulated.report;
  });
  if (junitFile !== undefined) writeOutputFile(junitFile, Buffer.from(junitOf(report)));
  printReport(args, report, out, io);
}

function junitOf({ array, board, inputs, macs, model, multipliers, simulation }: SimulationReport): string {
  const properties = { board, array: `${array.pk}x${array.pc}`, macs, multipliers };
  return junit(`firebrick simulate ${model}`, properties, casesOf(inputs, simulation.cyclesPerSecond));
}

/** An input that an earlier failure kept from running has no results. */
function withNames({ logits, outputs }: Simulated, inputs: readonly NamedInput[]) {
  return inputs
    .slice(0, logits.length)
    .map(({ name }, index) => ({ name, logits: item(logits, index), outputs: item(outputs, index) }));
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
  const { activation, array, board, buffers, fill, memory, model, seed } = args;
  const pictures = pictureWords(args);
  const dumps = { "dump-logits": args.dumpLogits, "dump-outputs": args.dumpOutputs };
  const given = {
    labels: args.labels,
    activation,
    array,
    board,
    memory,
    buffers,
    fill,
    sparse: args.sparse,
    seed,
    until: args.until,
    ...pictures,
    ...dumps,
  };
  return [model, ...optionWords(given)];
}

function parseWaveform({ trace, traceWindow }: Args): WaveformOptions | undefined {
  const file = optional((value) => single("--trace", value), trace);
  const window = optional(parseTraceWindow, traceWindow);
  if (file === undefined && window !== undefined)
    throw new RefusedError("--trace-window says which cycles to record: name the file with --trace FILE.fst");
  return file === undefined ? undefined : { file, ...(window === undefined ? {} : { window }) };
}

/** Calls `body` with a folder that holds the compiled files: `out`, or one that does not outlive the call. */
export async function withFiles<T>(
  files: OutputFiles,
  out: string | undefined,
  body: (folder: string) => Promise<T>,
): Promise<T> {
  if (out !== undefined) {
    await withOutputFolder(out, (partial) => writeFiles(files, partial));
    return body(out);
  }
  return inTemporaryFolder((folder) => {
    writeFiles(files, folder);
    return body(folder);
  });
}

/** Every input in one simulator, one after the other, with progress on stderr. */
export async function simulateWithProgress(
  accelerator: Accelerator,
  options: SimulateOptions,
  io: Io,
): Promise<Simulated> {
  const build = startProgress(io, "build");
  const running = startProgress(io, "simulate");
  try {
    return await simulate(accelerator, {
      ...options,
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
