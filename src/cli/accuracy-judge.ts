/** What the golden model, and a float network beside it, say of labelled pictures. */
import { readFileSync } from "node:fs";
import { runPasses } from "../2-passes/pipeline.ts";
import { floatClassifier, type FloatClassifier } from "../3-quantise/float-classes.ts";
import { checkFloat, checkPictureInput } from "../3-quantise/ptq/index.ts";
import { scoresOf, topK } from "../golden/logits.ts";
import { runGolden } from "../golden/run.ts";
import { readPicture } from "../images/picture.ts";
import { readBytes } from "../images/read-file.ts";
import { readInput } from "../images/read-input.ts";
import { unknownPreprocess } from "../images/unknown-preprocess.ts";
import { assert, InputError } from "../ir/errors.ts";
import type { Preprocess } from "../ir/graph.ts";
import type { IntGraph } from "../ir/integer.ts";
import { loadGraph } from "../load.ts";
import type { Judged } from "../report/accuracy.ts";
import type { LabelledFile } from "../labels/labelled-files.ts";
import { breathe } from "../platform/breathe.ts";
import type { Io } from "./io.ts";
import { withFloatPictureOptions, type PictureOptions } from "./picture-rule.ts";
import { startProgress } from "./progress.ts";
import { runAsJobs, splitIntoJobs, type ExecutorRequest } from "./tasks/executor-option.ts";
import type { Task } from "./tasks/task.ts";
import { item, lastItem } from "../ir/known.ts";

/** Classes that are kept of every picture. */
const BEST = 5;

export interface FloatNetwork {
  readonly classifier: FloatClassifier;
  readonly preprocess: Preprocess;
}

/** The network of `--float`. Throws InputError when it is none, or does not say how it wants its pictures. */
export function floatNetwork(model: string, pictures: PictureOptions, io: Io): FloatNetwork {
  const loaded = runPasses(loadGraph(model));
  checkFloat(loaded);
  checkPictureInput(loaded);
  const graph = withFloatPictureOptions(loaded, pictures, io);
  const { preprocess } = graph;
  if (preprocess === undefined) throw new InputError(unknownPreprocess(graph.name));
  return { classifier: floatClassifier(graph, preprocess), preprocess };
}

/** One picture is in memory at a time. Throws InputError for pictures that cannot be read. */
export async function judge(
  graph: IntGraph,
  float: FloatNetwork | undefined,
  files: readonly LabelledFile[],
  io: Io,
): Promise<Judged[]> {
  const map = graph.maps.get(graph.input);
  assert(map !== undefined, `the graph has no input map ${graph.input}`);
  const progress = startProgress(io, "accuracy");
  const judged: Judged[] = [];
  try {
    for (const { file, label } of files) {
      await breathe(io.signal);
      const { values } = await readInput(file, graph);
      const top = best(scoresOf(runGolden(graph, values)));
      const floatTop = float && best(float.classifier.logits(await pixelsFor(float, file)));
      judged.push({ file, label, top, ...(floatTop && { floatTop }) });
      progress.update(judged.length, files.length, file);
    }
  } finally {
    progress.stop();
  }
  return judged;
}

async function pixelsFor({ classifier, preprocess }: FloatNetwork, file: string): Promise<Uint8Array> {
  return readPicture(readBytes(file), file, classifier, preprocess.resize);
}

function best(logits: Uint8Array | Int8Array | Float32Array): number[] {
  return topK(logits, BEST, undefined).map(({ index }) => index);
}

/** Pictures of a list, and what the networks and labels are read from. */
export interface Slice {
  readonly files: readonly LabelledFile[];
  /** Number of the first in the list, counted from 1. */
  readonly first: number;
  /** Paths whose contents belong to the identity of the run, besides the pictures. */
  readonly read: readonly string[];
}

/** The same in several processes: each takes some of the pictures. `options`: of `accuracy`, the model first. */
export async function judgeInJobs(
  options: readonly string[],
  { files, first, read }: Slice,
  request: ExecutorRequest,
  io: Io,
): Promise<Judged[]> {
  const numbered = files.map(({ file }, index) => ({ file, number: first + index }));
  const tasks = splitIntoJobs(numbered, request).map((part): Task => {
    const [from, to] = [item(part, 0), lastItem(part)];
    return {
      name: `${from.file} to ${to.file}`,
      args: ["accuracy", ...options, "--pictures", `${from.number}:${to.number}`, "--json"],
    };
  });
  const contents = [...read, ...files.map(({ file }) => file)].map((path) => readFileSync(path));
  const printed = await runAsJobs(tasks, contents, request, io);
  return printed.flatMap((text) => (JSON.parse(text) as { inputs: Judged[] }).inputs);
}
