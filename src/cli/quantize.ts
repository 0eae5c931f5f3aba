import { createHash } from "node:crypto";
import { runPasses } from "../2-passes/pipeline.ts";
import { lower } from "../3-quantise/lower.ts";
import { checkQuantisable, quantise } from "../3-quantise/ptq/index.ts";
import type { Quantised } from "../3-quantise/ptq/index.ts";
import { runNode } from "../golden/run.ts";
import { readBytes } from "../images/read-file.ts";
import { readPicture } from "../images/picture.ts";
import type { Graph, Preprocess } from "../ir/graph.ts";
import { saveGraph } from "../saved/save.ts";
import { labelsBeside, loadGraph, modelPath } from "../load.ts";
import { command } from "./command.ts";
import { calibrationFiles } from "./calibration-files.ts";
import { readEach } from "./inputs.ts";
import { breathe, printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { option, optional, single } from "./options.ts";
import { checkOutputFile, writeOutputFile } from "./output-file.ts";
import { pictureOptions, pictureRule, type PictureOptions } from "./picture-rule.ts";
import { startProgress } from "./progress.ts";
import { formatErrors } from "./quantize-report.ts";

const text = { type: "string", requiresArg: true } as const;

export const quantizeCommand = command(
  (yargs) =>
    yargs
      .positional("model", option.model)
      .option("calibrate", {
        ...text,
        describe: "folder of pictures to calibrate with",
        demandOption: true,
      })
      .option("list", {
        ...text,
        describe: "names of the pictures to take, one a line (CSV: first column)",
      })
      .option("out", { ...text, alias: "o", describe: "file to write", demandOption: true })
      .options(pictureOptions)
      .option("json", option.json)
      .example("$0 quantize net.onnx --calibrate pictures -o net.firebrick --mean 123,117,104", "")
      .example("$0 simulate net.firebrick --input cat.jpg", "afterwards"),
  (args, io) => runQuantize(args, io),
);

interface Args extends PictureOptions {
  readonly model: string;
  readonly calibrate: string;
  readonly list?: string | undefined;
  readonly out: string;
  readonly json: boolean;
}

async function runQuantize(args: Args, io: Io): Promise<void> {
  const target = single("--out", args.out);
  const list = optional((value) => single("--list", value), args.list);
  checkOutputFile(target);
  const imported = loadGraph(args.model);
  const graph = labelled(args.model, runPasses(imported));
  checkQuantisable(graph);
  const preprocess = pictureRule(graph, args);
  const files = calibrationFiles(single("--calibrate", args.calibrate), list);
  const pictures = await readPictures(files, graph, preprocess);
  io.err(`${files.length} pictures from ${args.calibrate}\n`);
  const progress = startProgress(io, "quantize");
  let result: Quantised;
  try {
    result = await quantise(graph, pictures, {
      preprocess,
      runNode,
      async onStep(done, total) {
        progress.update(done, total);
        await breathe(io.signal);
      },
    });
  } finally {
    progress.stop();
  }
  // Everything that reads the file will do this: what cannot be lowered must not be written.
  lower(runPasses(result.graph));
  const bytes = saveGraph(result.graph);
  writeOutputFile(target, bytes);
  const { summary, layers } = result;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (args.json) {
    printJson(io, {
      model: args.model,
      file: target,
      bytes: bytes.length,
      sha256,
      preprocess,
      ...summary,
      layers,
    });
    return;
  }
  io.out(formatErrors(result));
  io.out(`wrote ${target}, ${bytes.length} bytes\n`);
}

/** The graph with the class names of a file beside the model, when it has none of its own. */
function labelled(model: string, graph: Graph): Graph {
  const path = modelPath(model);
  if (graph.labels !== undefined || path === undefined) return graph;
  const labels = labelsBeside(path, graph.tensors.get(graph.outputs[0] ?? -1)?.shape.at(-1));
  return labels === undefined ? graph : { ...graph, labels };
}

/** Pixels of every picture in the network's size. Throws InputError with the problems of all of them. */
async function readPictures(
  files: readonly string[],
  graph: Graph,
  preprocess: Preprocess,
): Promise<Uint8Array[]> {
  const [, height = 0, width = 0, channels = 0] = graph.tensors.get(graph.inputs[0] ?? -1)?.shape ?? [];
  return readEach(files, async (file) =>
    readPicture(await readBytes(file), file, { height, width, channels }, preprocess.resize),
  );
}
