import { createHash } from "node:crypto";
import { loadFloat, quantise } from "../index.ts";
import { command } from "./command.ts";
import { calibrationFiles } from "./calibration-files.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { option, optional, single } from "./options.ts";
import { checkOutputFile, writeOutputFile } from "./output-file.ts";
import { pictureOptions, withFloatPictureOptions, type PictureOptions } from "./picture-rule.ts";
import { startProgress } from "./progress.ts";
import { formatErrors } from "./quantize-report.ts";

const text = { type: "string", requiresArg: true } as const;

export const quantizeCommand = command(
  (yargs) =>
    yargs
      .positional("model", option.model)
      .option("calibrate", {
        ...text,
        describe: "folder of pictures, or of raw float32 tensors (.bin), to calibrate with",
        demandOption: true,
      })
      .option("list", {
        ...text,
        describe: "names of the files to take, one a line (CSV: first column)",
      })
      .option("out", { ...text, alias: "o", describe: "file to write", demandOption: true })
      .option("until", option.until)
      .options(pictureOptions)
      .option("labels", option.labels)
      .option("json", option.json)
      .example(
        "$0 quantize net.onnx --calibrate pictures -o net.firebrick --mean 123,117,104 --resize 256",
        "",
      )
      .example("$0 simulate net.firebrick --input cat.jpg", "afterwards"),
  (args, io) => runQuantize(args, io),
);

interface Args extends PictureOptions {
  readonly model: string;
  readonly calibrate: string;
  readonly until?: readonly string[] | undefined;
  readonly labels?: string | undefined;
  readonly list?: string | undefined;
  readonly out: string;
  readonly json: boolean;
}

async function runQuantize(args: Args, io: Io): Promise<void> {
  const target = single("--out", args.out);
  const list = optional((value) => single("--list", value), args.list);
  checkOutputFile(target);
  const labels = optional((value) => single("--labels", value), args.labels);
  const loaded = await loadFloat(args.model, { until: args.until, labels });
  // also beside raw tensors: the saved network then knows how later pictures become such tensors
  const graph = withFloatPictureOptions(loaded, args, io);
  const files = calibrationFiles(single("--calibrate", args.calibrate), list);
  io.err(`${files.length} inputs from ${args.calibrate}\n`);
  const progress = startProgress(io, "quantize");
  const { bytes, ...result } = await quantise(graph, files, {
    signal: io.signal,
    onProgress: (done, total) => progress.update(done, total),
  }).finally(() => {
    progress.stop();
  });
  writeOutputFile(target, bytes);
  const { summary, layers } = result;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (args.json) {
    printJson(io, {
      model: args.model,
      file: target,
      bytes: bytes.length,
      sha256,
      preprocess: graph.preprocess,
      ...summary,
      layers,
    });
    return;
  }
  io.out(formatErrors(result));
  io.out(`wrote ${target}, ${bytes.length} bytes\n`);
}
