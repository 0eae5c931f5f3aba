import type { Argv } from "yargs";
import { compileModel } from "../compile.ts";
import { logitsOf, topK } from "../golden/logits.ts";
import { runGolden } from "../golden/run.ts";
import { readInput } from "../images/read-input.ts";
import { assert, InputError } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import { scoresOf, type Judged, type Scores } from "../report/accuracy.ts";
import { backgroundShift, labelledFiles, type LabelledFile } from "../report/labels-file.ts";
import { readInputs } from "./inputs.ts";
import { breathe, printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { loadForCommand } from "./model.ts";
import type { ModelArgs } from "./model.ts";
import { busBytesFor, option, optional, parseArray, parseMemory, single } from "./options.ts";
import { predictedByLayer } from "./predicted.ts";
import { startProgress } from "./progress.ts";
import { runJob, withCompiled } from "./simulate.ts";
import { simulationJob } from "./simulation-job.ts";
import { describeDivergence, simulationReport, type InputReport } from "./simulation-report.ts";
import { DivergenceError } from "./status.ts";

const text = { type: "string", requiresArg: true } as const;

export function addAccuracy(parser: Argv, io: Io): void {
  parser.command(
    "accuracy <model>",
    "top-1 and top-5 of the golden model over labelled pictures",
    (yargs) =>
      yargs
        .positional("model", option.model)
        .option("images", { ...text, demandOption: true, describe: "folder of pictures" })
        .option("labels", {
          ...text,
          demandOption: true,
          describe:
            "CSV: picture, class from 0 (a network of 1001 classes has a background in front of them)",
        })
        .option("rtl", { ...text, describe: "run the first N pictures through the Verilog too" })
        .option("array", option.array)
        .option("memory", option.memory)
        .option("dump-after", option.dumpAfter)
        .option("seed", option.seed)
        .option("json", option.json)
        .example("$0 accuracy net.tflite --images pictures --labels labels.csv", "top-1, top-5, confusion"),
    async (args) => runAccuracy(args, io),
  );
}

interface Args extends ModelArgs {
  readonly images: string;
  readonly labels: string;
  readonly rtl?: string | undefined;
  readonly array: string;
  readonly memory: string;
  readonly json: boolean;
}

/** Throws DivergenceError behind the report when the Verilog differed from the golden model. */
async function runAccuracy(args: Args, io: Io): Promise<void> {
  const count = optional(parseCount, args.rtl) ?? 0;
  parseArray(args.array);
  parseMemory(args.memory);
  const graph = loadForCommand(args, io);
  const classes = graph.maps.get(graph.logits)?.channels ?? 0;
  const files = labelledFiles(single("--images", args.images), single("--labels", args.labels), classes);
  const judged = await judge(graph, files, io);
  const scores = scoresOf(judged);
  const rtl = count === 0 ? null : await simulateSome(args, graph, files.slice(0, count), io);
  const name = (index: number): string => graph.labels?.[index] ?? String(index);
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
      inputs: judged,
      rtl: rtl && {
        images: rtl.length,
        bitExact: rtl.filter((input) => input.bitExact).length,
        inputs: rtl.map(({ bitExact, cycles, file, top }) => ({ file, bitExact, cycles, top })),
      },
    });
  } else io.out(format(scores, rtl, name));
  const wrong = rtl?.filter((input) => !input.bitExact) ?? [];
  if (wrong.length > 0) throw new DivergenceError(wrong.map(describeDivergence).join("\n"));
}

/** The golden model's five best classes of every picture. One picture is in memory at a time. */
async function judge(graph: IntGraph, files: readonly LabelledFile[], io: Io): Promise<Judged[]> {
  const map = graph.maps.get(graph.input);
  assert(map !== undefined, `the graph has no input map ${graph.input}`);
  const progress = startProgress(io, "accuracy");
  const judged: Judged[] = [];
  try {
    for (const { file, label } of files) {
      await breathe(io.signal);
      const { values } = await readInput(file, map, graph.preprocess);
      const best = topK(logitsOf(runGolden(graph, values)), 5, undefined);
      judged.push({ file, label, top: best.map(({ index }) => index) });
      progress.update(judged.length, files.length, file);
    }
  } finally {
    progress.stop();
  }
  return judged;
}

async function simulateSome(
  args: Args,
  graph: IntGraph,
  files: readonly LabelledFile[],
  io: Io,
): Promise<readonly InputReport[]> {
  const memory = parseMemory(args.memory);
  const compiled = compileModel(graph, { array: parseArray(args.array), busBytes: busBytesFor(memory) });
  const inputs = await readInputs(
    files.map(({ file }) => file),
    graph,
  );
  const golden = inputs.map(({ values }) => runGolden(graph, values));
  const predicted = predictedByLayer(compiled.plan, memory);
  const predictedCycles = predicted.reduce((sum, cycles) => sum + cycles, 0);
  const result = await withCompiled(compiled, undefined, (folder) =>
    runJob(
      simulationJob(compiled, inputs, golden, { folder, memory, waveform: undefined, predictedCycles }),
      io,
    ),
  );
  return simulationReport(args.model, compiled.plan, inputs, predicted, result).inputs;
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
  if (rtl !== null) {
    const equal = rtl.filter((input) => input.bitExact).length;
    lines.push(`Verilog: ${equal} of ${rtl.length} pictures equal to the golden model`);
  }
  return `${lines.join("\n")}\n`;
}
