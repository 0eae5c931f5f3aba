import { InputError } from "../ir/errors.ts";
import { classesOf, type IntGraph } from "../ir/integer.ts";
import { modelPath } from "../load.ts";
import { compareWithFloat, scoresOf, type FloatComparison, type Scores } from "../report/accuracy.ts";
import { backgroundShift } from "../labels/background.ts";
import { namesInList } from "../labels/class-names.ts";
import { labelledFiles, type LabelledFile } from "../labels/labelled-files.ts";
import { floatNetwork, judge, judgeInJobs } from "./accuracy-judge.ts";
import { compile } from "../index.ts";
import type { HardwareRequest } from "../targets/index.ts";
import type { InputReport } from "../targets/simulation.ts";
import { parseHardware, type HardwareArgs } from "./board-option.ts";
import { command } from "./command.ts";
import { readInputs } from "./inputs.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { casesOf, junit } from "./junit.ts";
import { checkOutputFile, writeOutputFile } from "./output-file.ts";
import { loadForCommand } from "./model.ts";
import type { ModelArgs } from "./model.ts";
import { option, optional, optionWords, single } from "./options.ts";
import { pictureOptions, pictureWords, withPictureOptions, type PictureOptions } from "./picture-rule.ts";
import { simulateWithProgress } from "./simulate.ts";
import { describeDivergence } from "./simulation-text.ts";
import { DivergenceError } from "./status.ts";
import { executorOptions, parseExecutor, type ExecutorArgs } from "./tasks/executor-option.ts";

const text = { type: "string", requiresArg: true } as const;

export const accuracyCommand = command(
  (yargs) =>
    yargs
      .positional("model", option.model)
      .option("images", { ...text, demandOption: true, describe: "folder of pictures" })
      .option("labels", {
        ...text,
        demandOption: true,
        describe: "CSV: picture, class from 0 (a network of 1001 classes has a background in front of them)",
      })
      .option("pictures", { ...text, describe: "only these of the CSV, FROM:TO, counted from 1" })
      .option("rtl", { ...text, describe: "run the first N pictures through the Verilog too" })
      .option("float", {
        ...text,
        describe: "the float network that the model was made from: agreement, and where the two differ",
      })
      .options(pictureOptions)
      .option("board", option.board)
      .option("fill", option.fill)
      .option("array", option.boardArray)
      .option("memory", option.boardMemory)
      .option("buffers", option.buffers)
      .option("sparse", option.sparse)
      .option("dump-after", option.dumpAfter)
      .option("seed", option.seed)
      .options(executorOptions)
      .option("junit", option.junit)
      .option("json", option.json)
      .example("$0 accuracy net.tflite --images pictures --labels labels.csv", "top-1, top-5, confusion")
      .example("$0 accuracy net.firebrick --float net.onnx --images pictures --labels labels.csv", ""),
  (args, io) => runAccuracy(args, io),
);

interface Args extends ModelArgs, HardwareArgs, PictureOptions, ExecutorArgs {
  readonly images: string;
  readonly labels: string;
  readonly pictures?: string | undefined;
  readonly rtl?: string | undefined;
  readonly float?: string | undefined;
  readonly junit?: string | undefined;
  readonly json: boolean;
}

/** Throws DivergenceError behind the report when the Verilog differed from the golden model. */
async function runAccuracy(args: Args, io: Io): Promise<void> {
  const count = optional(parseCount, args.rtl) ?? 0;
  const junitFile = optional((value) => single("--junit", value), args.junit);
  if (junitFile !== undefined) checkOutputFile(junitFile);
  const hardware = parseHardware(args);
  const executor = parseExecutor(args);
  const { classes, listed, loaded } = loadLabelled(args, io);
  // beside a float network the options are for that one, unless the integer network says nothing either
  const told = args.float === undefined || loaded.preprocess === undefined;
  const graph = told ? withPictureOptions(loaded, args, io) : loaded;
  const { files, first } = chosen(listed, args.pictures);
  const floatModel = optional((value) => single("--float", value), args.float);
  const float = floatModel === undefined ? undefined : floatNetwork(floatModel, args, io);
  const models = [args.model, floatModel].flatMap((model) => (model && modelPath(model)) ?? []);
  const slice = { files, first, read: [...models, args.labels] };
  const judged = executor
    ? await judgeInJobs(taskOptions(args), slice, executor, io)
    : await judge(graph, float, files, io);
  const scores = scoresOf(judged);
  const comparison = compareWithFloat(judged);
  const rtl = count === 0 ? null : await simulateSome(args.model, graph, hardware, files.slice(0, count), io);
  const name = (index: number): string => graph.labels?.[index] ?? String(index);
  if (junitFile !== undefined) {
    const { images, top1, top5 } = scores;
    // the pictures were judged, whatever the network took them for
    const judging = { name: `${images} pictures judged`, failure: null, seconds: 0 };
    const cases = [judging, ...casesOf(rtl ?? [], 0)];
    const text = junit(`firebrick accuracy ${args.model}`, { images, top1, top5 }, cases);
    writeOutputFile(junitFile, Buffer.from(text));
  }
  if (args.json) {
    printJson(io, {
      model: args.model,
      classes,
      backgroundShift: backgroundShift(classes),
      ...scores,
      confusion: scores.confusion.map((cell) => ({
        ...cell,
        expectedLabel: name(cell.expected),
        predictedLabel: name(cell.predicted),
      })),
      float: comparison && { model: floatModel, ...comparison },
      inputs: judged,
      rtl: rtl && {
        images: rtl.length,
        bitExact: rtl.filter((input) => input.bitExact).length,
        inputs: rtl.map(({ bitExact, cycles, file, top }) => ({ file, bitExact, cycles, top })),
      },
    });
  } else io.out(format(scores, comparison, rtl, name));
  const wrong = rtl?.filter((input) => !input.bitExact) ?? [];
  if (wrong.length > 0) throw new DivergenceError(wrong.map(describeDivergence).join("\n"));
}

/** The network and the labelled pictures, whose list names the classes that the model does not. Throws InputError. */
function loadLabelled({ labels, ...modelArgs }: Args, io: Io) {
  const list = single("--labels", labels);
  const graph = loadForCommand(modelArgs, io);
  const classes = classesOf(graph);
  const listed = labelledFiles(single("--images", modelArgs.images), list, classes);
  const names = graph.labels ?? namesInList(list, classes);
  return { classes, listed, loaded: names === undefined ? graph : { ...graph, labels: names } };
}

/** The command line of a job, without its pictures: the list is given, and read, as this process read it. */
function taskOptions(args: Args): string[] {
  const { float, images, labels, model, seed } = args;
  return [model, ...optionWords({ images, labels, float, ...pictureWords(args), seed })];
}

/** `--pictures FROM:TO` of the list, and the number of its first. Throws InputError. */
function chosen(
  files: readonly LabelledFile[],
  range: string | undefined,
): { readonly files: readonly LabelledFile[]; readonly first: number } {
  const written = optional((value) => single("--pictures", value), range);
  if (written === undefined) return { files, first: 1 };
  const [, from = 0, to = 0] = (/^(\d{1,9}):(\d{1,9})$/.exec(written) ?? []).map(Number);
  if (from >= 1 && from <= to && to <= files.length) return { files: files.slice(from - 1, to), first: from };
  throw new InputError({
    code: "bad-option",
    node: "--pictures",
    found: `"${written}"`,
    supported: `FROM:TO within 1:${files.length}`,
    fix: `write for example --pictures 1:${Math.min(100, files.length)}`,
  });
}

async function simulateSome(
  model: string,
  graph: IntGraph,
  hardware: HardwareRequest,
  files: readonly LabelledFile[],
  io: Io,
): Promise<readonly InputReport[]> {
  const accelerator = await compile(graph, hardware);
  const inputs = await readInputs(
    files.map(({ file }) => file),
    graph,
    io,
  );
  const { report } = await simulateWithProgress(accelerator, { model, inputs }, io);
  return report.inputs;
}

function parseCount(value: unknown): number {
  const count = single("--rtl", value);
  if (/^\d{1,6}$/.test(count)) return Number(count);
  throw new InputError({
    code: "bad-option",
    node: "--rtl",
    found: `"${count}"`,
    supported: "a number of pictures",
    fix: "write for example --rtl 5",
  });
}

/** Mistakes shown to people; --json has all of them. */
const SHOWN = 10;

function format(
  { confusion, images, top1, top5 }: Scores,
  float: FloatComparison | null,
  rtl: readonly InputReport[] | null,
  name: (index: number) => string,
): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} % (${Math.round(share * images)})`;
  const mistakes = confusion.filter(({ expected, predicted }) => expected !== predicted);
  const lines = [
    `${images} pictures: top-1 ${percent(top1)}, top-5 ${percent(top5)}`,
    ...mistakes
      .slice(0, SHOWN)
      .map(
        (cell) =>
          `${String(cell.images).padStart(5)} x ${name(cell.expected)} (${cell.expected}) ` +
          `taken for ${name(cell.predicted)} (${cell.predicted})`,
      ),
  ];
  if (mistakes.length > SHOWN) lines.push(`and ${mistakes.length - SHOWN} kinds of mistakes more: --json`);
  if (float !== null) {
    const { agreement, disagreements } = float;
    lines.push(
      `float network: top-1 ${percent(float.top1)}, top-5 ${percent(float.top5)}; same best class ${percent(agreement)}`,
      ...disagreements.map(
        (image) =>
          `${image.file}: ${name(image.integer)} (${image.integer}), float ${name(image.float)} (${image.float}), ` +
          `true ${name(image.label)} (${image.label})`,
      ),
    );
  }
  if (rtl !== null) {
    const equal = rtl.filter((input) => input.bitExact).length;
    lines.push(`Verilog: ${equal} of ${rtl.length} pictures equal to the golden model`);
  }
  return `${lines.join("\n")}\n`;
}
