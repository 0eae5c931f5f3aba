import { golden } from "../index.ts";
import { createHash } from "node:crypto";
import { formatAnswer } from "./answer-text.ts";
import { command } from "./command.ts";
import { dumpResults, parseDumps, readInputs, type DumpOptions } from "./inputs.ts";
import { breathe } from "../platform/breathe.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { loadForCommand } from "./model.ts";
import type { ModelArgs } from "./model.ts";
import { option } from "./options.ts";
import { pictureOptions, withPictureOptions, type PictureOptions } from "./picture-rule.ts";
import { startProgress } from "./progress.ts";

export const goldenCommand = command(
  (yargs) =>
    yargs
      .positional("model", option.model)
      .option("input", option.input)
      .options(pictureOptions)
      .option("labels", option.labels)
      .option("dump-logits", option.dumpLogits)
      .option("dump-outputs", option.dumpOutputs)
      .option("until", option.until)
      .option("dump-after", option.dumpAfter)
      .option("seed", option.seed)
      .option("activation", option.activation)
      .option("json", option.json)
      .example("$0 golden net.tflite --input cat.jpg", "the five best classes")
      .example(
        "$0 golden net.onnx --input cat.jpg --mean 123.7,116.3,103.5 --std 58.4,57.1,57.4 --resize 256",
        "as ImageNet's networks of PyTorch are trained",
      )
      .example("$0 golden net.tflite --input cat.jpg --labels classes.txt", "with names of the classes")
      .example("$0 golden net.tflite --input a.bin b.bin --dump-logits out", "out/a.bin and out/b.bin"),
  (args, io) => runGoldenCommand(args, io),
);

interface Args extends ModelArgs, PictureOptions, DumpOptions {
  readonly input: readonly string[];
  readonly json: boolean;
}

async function runGoldenCommand(args: Args, io: Io): Promise<void> {
  const dumps = parseDumps(args);
  const graph = withPictureOptions(loadForCommand(args, io), args, io);
  const inputs = await readInputs(args.input, graph, io);
  const progress = startProgress(io, "golden");
  const results = [];
  for (const [index, { file, name, values }] of inputs.entries()) {
    await breathe(io.signal);
    const { logits, outputs, top, values: real } = await golden(graph, values);
    results.push({ file, name, logits, outputs, top, values: real });
    if (inputs.length > 1) progress.update(index + 1, inputs.length, file);
  }
  progress.stop();
  // All at once at the end: an interrupted run leaves no half of them behind.
  dumpResults(dumps, results);

  const reports = results.map(({ file, logits, top, values }) => ({
    file,
    top,
    values,
    logitsSha256: createHash("sha256").update(logits).digest("hex"),
  }));
  if (args.json) printJson(io, { model: args.model, inputs: reports });
  else io.out(reports.map((report) => `${report.file}\n${formatAnswer(report)}`).join(""));
}
