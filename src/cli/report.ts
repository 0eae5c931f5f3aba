import { embeddedPicture } from "../images/embed.ts";
import { readPicture } from "../images/picture.ts";
import { readEach } from "../images/read-each.ts";
import { readBytes } from "../images/read-file.ts";
import { textOf } from "../platform/bytes.ts";
import { InputError } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import { compareReports, parseReport } from "../report/compare.ts";
import { formatComparison } from "../report/compare-text.ts";
import type { ModelReport } from "../report/model-report.ts";
import { formatModelReport } from "../report/text.ts";
import { report as reportOn } from "../index.ts";
import { planAccelerator } from "../targets/index.ts";
import { formatAnswer } from "./answer-text.ts";
import { parseHardware, type HardwareArgs } from "./board-option.ts";
import { command } from "./command.ts";

import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { loadForCommand } from "./model.ts";
import type { ModelArgs } from "./model.ts";
import { option, optional, single } from "./options.ts";
import { checkOutputFile, writeOutputFile } from "./output-file.ts";
import { pictureOptions, withPictureOptions, type PictureOptions } from "./picture-rule.ts";
import { RefusedError } from "./status.ts";
import { formatSynthesised, synthesiseWithProgress } from "./synthesis.ts";
import { formatTiming, timeWithProgress } from "./timing.ts";
import { item } from "../ir/known.ts";

const text = { type: "string", requiresArg: true } as const;

export const reportCommand = command(
  (yargs) =>
    yargs
      .positional("model", { ...option.model, demandOption: false })
      .option("board", option.board)
      .option("fill", option.fill)
      .option("array", option.boardArray)
      .option("memory", option.boardMemory)
      .option("buffers", option.buffers)
      .option("sparse", option.sparse)
      .option("clock", { ...text, describe: "clock in MHz", defaultDescription: "100, or the board's" })
      .option("input", {
        ...text,
        describe: "a picture or .bin tensor: class scores, activation histograms",
      })
      .options(pictureOptions)
      .option("labels", option.labels)
      .option("images", {
        choices: ["first", "next"] as const,
        default: "first" as const,
        describe: "the image to predict: the first, or one that finds program and kept weights on the chip",
      })
      .option("synth", {
        type: "boolean",
        default: false,
        describe: "let Yosys count LUT, FF, DSP, block RAM of each part",
      })
      .option("timing", {
        choices: ["paths", "none"] as const,
        default: "paths" as const,
        describe: "with --synth: the slowest paths by static analysis, or not, which saves half the time",
      })
      .option("html", { ...text, describe: "write a page with charts, one file" })
      .option("compare", {
        type: "string",
        nargs: 2,
        describe: "two files that report --json wrote, side by side",
      })
      .option("until", option.until)
      .option("dump-after", option.dumpAfter)
      .option("seed", option.seed)
      .option("activation", option.activation)
      .option("json", option.json)
      .example("$0 report net.tflite --array 16x16 --html report.html", "a page for the browser")
      .example("$0 report net.tflite --board pynq-z2 --images next", "images behind the first")
      .example("$0 report net.tflite --board ulx3s-85f --synth", "what each part takes of the device")
      .example(
        "$0 report net.tflite --board icebreaker --synth",
        "also placed and routed: clock, critical path",
      )
      .example("$0 report --compare before.json after.json", "what changed between two builds"),
  (args, io) => runReport(args, io),
);

interface Args extends Omit<ModelArgs, "model">, HardwareArgs, PictureOptions {
  readonly model?: string | undefined;
  readonly compare?: unknown;
  readonly clock?: string | undefined;
  readonly input?: string | undefined;
  readonly html?: string | undefined;
  readonly images: "first" | "next";
  readonly synth: boolean;
  readonly timing: "paths" | "none";
  readonly json: boolean;
}

async function runReport(args: Args, io: Io): Promise<void> {
  const { model } = args;
  if (args.compare !== undefined) {
    await runCompare(args, io);
    return;
  }
  if (model === undefined) throw new RefusedError("say which model to report, or --compare two reports");
  const request = parseHardware(args);
  const clock = optional((value) => parseClock(single("--clock", value)), args.clock);
  const html = optional((value) => single("--html", value), args.html);
  const file = optional((value) => single("--input", value), args.input);
  if (html !== undefined) checkOutputFile(html);
  const graph = withPictureOptions(loadForCommand({ ...args, model }, io), args, io);
  const accelerator = planAccelerator(graph, request);
  const report = await reportOn(accelerator, { model, clockMHz: clock, images: args.images, input: file });
  const synthesised = args.synth ? await synthesiseWithProgress(accelerator, io) : null;
  const timing = args.synth && args.timing === "paths" ? await timeWithProgress(accelerator, io) : null;
  if (html !== undefined) await writePage(html, report, file && (await pictureOf(graph, file)));
  if (args.json) printJson(io, synthesised === null ? report : { ...report, ...synthesised, timing });
  else {
    const cells = synthesised === null ? "" : formatSynthesised(synthesised, accelerator, report.clockMHz);
    const answer = report.input ? `${report.input.file}\n${formatAnswer(report.input)}` : "";
    const page = html === undefined ? "" : `page in ${html}\n`;
    const times = timing === null ? "" : formatTiming(timing, report.clockMHz);
    io.out(`${formatModelReport(report)}${cells}${times}${answer}${page}`);
  }
  if (accelerator.refusal) throw accelerator.refusal;
}

/** What the network sees of a picture, for a page; undefined for a raw tensor. */
async function pictureOf(graph: IntGraph, file: string): Promise<string | undefined> {
  const map = graph.maps.get(graph.input);
  if (map === undefined || file.toLowerCase().endsWith(".bin")) return undefined;
  const pixels = await readPicture(readBytes(file), file, map, graph.preprocess?.resize);
  return embeddedPicture(pixels, map);
}

/** Two saved reports; no model is read. */
async function runCompare(args: Args, io: Io): Promise<void> {
  const paths = args.compare;
  if (args.model !== undefined || !Array.isArray(paths) || paths.length !== 2)
    throw new RefusedError("--compare takes two files of `report --json` and no model");
  const html = optional((value) => single("--html", value), args.html);
  if (html !== undefined) checkOutputFile(html);
  const files = paths.map((path: unknown) => single("--compare", path));
  const reports = await readEach(files, (file) => {
    const bytes = readBytes(file, "a report that `firebrick report MODEL --json` wrote");
    return parseReport(file, textOf(bytes));
  });
  const comparison = compareReports(item(reports, 0), item(reports, 1));
  if (html !== undefined) {
    const { comparisonPage } = await import("../../codegen/report/compare-page.ts");
    writeOutputFile(html, Buffer.from(comparisonPage(comparison)));
  }
  if (args.json) printJson(io, comparison);
  else io.out(`${formatComparison(comparison)}${html === undefined ? "" : `page in ${html}\n`}`);
}

/** The charts' library is large: only --html loads it. */
async function writePage(file: string, report: ModelReport, picture: string | undefined): Promise<void> {
  const { reportPage } = await import("../../codegen/report/page.ts");
  writeOutputFile(file, Buffer.from(reportPage(report, picture)));
}

function parseClock(value: string): number {
  const clock = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && clock > 0 && clock <= 10_000) return clock;
  throw new InputError({
    code: "bad-option",
    node: "--clock",
    found: `"${value}"`,
    supported: "MHz, up to 10000",
    fix: "write for example --clock 100",
  });
}
