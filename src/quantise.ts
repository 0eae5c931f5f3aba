/** Post-training quantisation from files to a file. */
import { runPasses } from "./2-passes/pipeline.ts";
import { lower } from "./3-quantise/lower.ts";
import { checkQuantisable, quantise, type Quantised } from "./3-quantise/ptq/index.ts";
import { runNode } from "./golden/run.ts";
import { readEach } from "./images/read-each.ts";
import { readBytes } from "./images/read-file.ts";
import { readPicture } from "./images/picture.ts";
import { unknownPreprocess } from "./images/unknown-preprocess.ts";
import { InputError } from "./ir/errors.ts";
import type { Graph, Preprocess } from "./ir/graph.ts";
import { labelsBeside, loadGraph, modelPath } from "./load.ts";
import { saveGraph } from "./saved/save.ts";

/**
 * MODEL, a path or a network's name, with the class names beside it and after the passes.
 * Throws InputError, also for networks that have no integer form.
 */
export function loadFloatGraph(model: string): Graph {
  const graph = withLabels(model, runPasses(loadGraph(model)));
  checkQuantisable(graph);
  return graph;
}

function withLabels(model: string, graph: Graph): Graph {
  const path = modelPath(model);
  if (graph.labels !== undefined || path === undefined) return graph;
  const labels = labelsBeside(path, graph.tensors.get(graph.outputs[0] ?? -1)?.shape.at(-1));
  return labels === undefined ? graph : { ...graph, labels };
}

/** `graph`: of `loadFloatGraph`. Throws InputError, of pictures with the problems of all of them, or what `onStep` throws. */
export async function quantiseFiles(
  graph: Graph,
  files: readonly string[],
  preprocess: Preprocess | undefined,
  onStep: (done: number, total: number) => Promise<void>,
): Promise<Quantised & { readonly bytes: Uint8Array }> {
  if (preprocess === undefined) throw new InputError(unknownPreprocess(graph.name));
  const [, height = 0, width = 0, channels = 0] = graph.tensors.get(graph.inputs[0] ?? -1)?.shape ?? [];
  const pictures = await readEach(files, async (file) =>
    readPicture(readBytes(file), file, { height, width, channels }, preprocess.resize),
  );
  const result = await quantise(graph, pictures, { preprocess, runNode, onStep });
  // Everything that reads the file will do this: what cannot be lowered must not be written.
  lower(runPasses(result.graph));
  return { ...result, bytes: saveGraph(result.graph) };
}
