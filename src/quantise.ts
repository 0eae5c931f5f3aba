/** Post-training quantisation from files to a file. */
import { runPasses } from "./2-passes/pipeline.ts";
import { lower } from "./3-quantise/lower.ts";
import { bodyOf } from "./3-quantise/ptq/body.ts";
import { checkPictureInput, checkFloat, quantise, type Quantised } from "./3-quantise/ptq/index.ts";
import { runNode } from "./golden/run.ts";
import { preprocessOf, type InputSize } from "./images/picture-rule.ts";
import { readEach } from "./images/read-each.ts";
import { readBytes } from "./images/read-file.ts";
import { readPicture } from "./images/picture.ts";
import { isRawTensor, readRealTensor } from "./images/real-tensor.ts";
import { unknownPreprocess } from "./images/unknown-preprocess.ts";
import { InputError } from "./ir/errors.ts";
import type { Graph, Preprocess, Tensor } from "./ir/graph.ts";
import { known } from "./ir/known.ts";
import { loadGraph, withLabels, type LoadOptions } from "./load.ts";
import { saveGraph } from "./saved/save.ts";

export type FloatLoadOptions = Pick<LoadOptions, "until" | "labels" | "pictures">;

/**
 * MODEL, a path or a network's name, with the class names beside it and after the passes.
 * Throws InputError, also for networks that have no integer form.
 */
export function loadFloatGraph(model: string, options: FloatLoadOptions = {}): Graph {
  const graph = runPasses(loadGraph(model, options));
  checkFloat(graph);
  const classes = graph.tensors.get(bodyOf(graph).outputs[0] ?? -1)?.shape.at(-1);
  const named = withLabels(graph, model, classes, options.labels);
  const preprocess = preprocessOf(inputSizeOf(named), named.preprocess, options.pictures ?? {});
  return preprocess === undefined ? named : { ...named, preprocess };
}

/** Pixels of the input: [N, H, W, C], or [N, C] for a vector. */
export function inputSizeOf(graph: Graph): InputSize {
  const { shape } = inputOf(graph);
  const [height = 1, width = 1, channels = 1] =
    shape.length === 2 ? [1, 1, ...shape.slice(1)] : shape.slice(1);
  return { height, width, channels };
}

/**
 * `files`: pictures, or raw tensors of real values, `*.bin`. `graph`: of `loadFloatGraph`. Throws InputError, of files with
 * the problems of all of them, or what `onStep` throws.
 */
export async function quantiseFiles(
  graph: Graph,
  files: readonly string[],
  preprocess: Preprocess | undefined,
  onStep: (done: number, total: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<Quantised & { readonly bytes: Uint8Array }> {
  const isRaw = files.some(isRawTensor);
  const inputs = isRaw ? await readTensors(graph, files) : await readPictures(graph, files, preprocess);
  const rule = isRaw ? undefined : preprocess;
  const result = await quantise(graph, inputs, { preprocess: rule, runNode, onStep, signal });
  // Everything that reads the file will do this: what cannot be lowered must not be written.
  lower(runPasses(result.graph));
  return { ...result, bytes: saveGraph(result.graph) };
}

async function readPictures(
  graph: Graph,
  files: readonly string[],
  preprocess: Preprocess | undefined,
): Promise<Uint8Array[]> {
  checkPictureInput(graph);
  if (preprocess === undefined) throw new InputError(unknownPreprocess(graph.name));
  const size = inputSizeOf(graph);
  return readEach(files, async (file) => readPicture(readBytes(file), file, size, preprocess.resize));
}

async function readTensors(graph: Graph, files: readonly string[]): Promise<Float32Array[]> {
  const input = inputOf(graph);
  return readEach(files, (file) => Promise.resolve(readRealTensor(file, input.shape, graph.inputAxes)));
}

function inputOf(graph: Graph): Tensor {
  return known(graph.tensors.get(graph.inputs[0] ?? -1), "a network has an input");
}
