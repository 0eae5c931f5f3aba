/** What the golden model, and a float network beside it, say of labelled pictures. */
import { readFileSync } from "node:fs";
import { runPasses } from "../2-passes/pipeline.ts";
import { floatClassifier } from "../3-quantise/float-classes.ts";
import { checkFloat, checkPictureInput } from "../3-quantise/ptq/index.ts";
import { scoresOf, topK } from "../golden/logits.ts";
import { runGolden } from "../golden/run.ts";
import { readPicture } from "../images/picture.ts";
import { readBytes } from "../images/read-file.ts";
import { readInput } from "../images/read-input.ts";
import { unknownPreprocess } from "../images/unknown-preprocess.ts";
import { InputError } from "../ir/errors.ts";
import type { Graph, Preprocess } from "../ir/graph.ts";
import type { IntGraph } from "../ir/integer.ts";
import { loadGraph } from "../load.ts";
import type { Judged } from "../report/accuracy.ts";
import type { LabelledFile } from "../labels/labelled-files.ts";
import { floatWithoutFunctions, withFunctions, withoutFunctions } from "../activations/plain.ts";
import { spread } from "../threads/spread.ts";
import type { Work } from "../threads/work.ts";
import type { Io } from "./io.ts";
import { withFloatPictureOptions, type PictureOptions } from "./picture-rule.ts";
import { startProgress } from "./progress.ts";
import { runAsJobs, splitIntoJobs, type ExecutorRequest } from "./tasks/executor-option.ts";
import type { Task } from "./tasks/task.ts";
import { item, lastItem } from "../ir/known.ts";

/** Classes that are kept of every picture. */
const BEST = 5;

/** A float network, after the passes, and how it wants its pictures. */
export interface FloatNetwork {
  readonly graph: Graph;
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
  return { graph, preprocess };
}

/** What judges a picture: the golden model of a network, and a float network beside it. */
interface Judges {
  readonly graph: IntGraph;
  readonly float: FloatNetwork | undefined;
}

/** One picture is in a thread's memory at a time. */
export const judging: Work<Judges, LabelledFile, Judged> = {
  module: import.meta.url,
  name: "judging",
  start({ graph, float }) {
    const floatBest = float && floatJudge(float);
    return async ({ file, label }) => {
      const { values } = await readInput(file, graph);
      const top = best(scoresOf(runGolden(graph, values)));
      const floatTop = await floatBest?.(file);
      return { file, label, top, ...(floatTop && { floatTop }) };
    };
  },
};

/** On all cores. Throws InputError for the first picture that cannot be read, or a float network that takes none. */
export async function judge(
  graph: IntGraph,
  float: FloatNetwork | undefined,
  files: readonly LabelledFile[],
  io: Io,
): Promise<Judged[]> {
  if (float) floatClassifier(float.graph, float.preprocess);
  const plain = float && { ...float, graph: floatWithoutFunctions(float.graph) };
  const progress = startProgress(io, "accuracy");
  const judged: Judged[] = [];
  try {
    for await (const picture of spread(
      judging,
      { graph: withoutFunctions(graph), float: plain },
      files,
      io.signal,
    )) {
      judged.push(picture);
      progress.update(judged.length, files.length, picture.file);
    }
  } finally {
    progress.stop();
  }
  return judged;
}

/** Gives the best classes of a picture's file, by a network without functions. */
function floatJudge({ graph, preprocess }: FloatNetwork): (file: string) => Promise<number[]> {
  const classifier = floatClassifier(withFunctions(graph), preprocess);
  return async (file) =>
    best(classifier.logits(await readPicture(readBytes(file), file, classifier, preprocess.resize)));
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
