import { importModel } from "./1-import/index.ts";
import { cutGraph } from "./1-import/until.ts";
import { PASSES, runPasses } from "./2-passes/pipeline.ts";
import { lower } from "./3-quantise/lower.ts";
import { InputError } from "./ir/errors.ts";
import type { Graph } from "./ir/graph.ts";
import type { IntGraph } from "./ir/integer.ts";
import { printGraph, printIntegerGraph } from "./ir/print.ts";
import { exists, kindOf, readText } from "./platform/files.ts";
import { dirname, extname, join } from "./platform/paths.ts";
import { isZooName, withSeededWeights, zoo } from "./zoo/index.ts";
import { readNetworkFile } from "./zoo/network-file.ts";
import { picturesModelPath } from "./zoo/pictures/files.ts";

/** Endings of model files: such a name is a path even when nothing is there. */
const modelEndings = new Set([".tflite", ".onnx", ".net", ".ts", ".firebrick"]);

/** The network that ships with Firebrick, as MODEL names it. */
export const embeddedName = "pictures";

/** Points of the way to the integer graph at which `--dump-after` can print, in order. */
export const loadStages: readonly string[] = ["import", ...PASSES.map((pass) => pass.name), "quantise"];

export interface LoadOptions {
  /** Chooses the weights of a network that has none of its own. */
  readonly seed?: number;
  /** A kernel in place of every activation of such a network: an ActivationName, its file absolute. */
  readonly activation?: string | undefined;
  /** Layers behind which the network shall end, as `firebrick inspect` names them: the outputs, in this order. */
  readonly until?: readonly string[] | undefined;
  /** Prints the graph as it is after one of `loadStages`. */
  readonly dump?: { readonly after: string; readonly print: (text: string) => void } | undefined;
}

/**
 * MODEL, a path or a network's name, as an integer graph with its class names.
 * Class names come from the model or from a file beside it: `labels.txt` (one a line), `labels.json` (an array)
 * or `meta.json` (`class_names`). Throws InputError.
 */
export function loadModel(model: string, options: LoadOptions = {}): IntGraph {
  const { dump } = options;
  const imported = loadGraph(model, options);
  let shown = imported;
  // A pass that changes nothing is not observed: what it leaves is the result of the one before.
  const last = PASSES.findIndex((pass) => pass.name === dump?.after);
  const passed = runPasses(imported, (pass, graph) => {
    if (PASSES.indexOf(pass) <= last) shown = graph;
  });
  if (dump !== undefined && dump.after !== "quantise") dump.print(printGraph(shown));
  const graph = lower(passed);
  if (dump?.after === "quantise") dump.print(printIntegerGraph(graph));

  const path = modelPath(model);
  if (graph.labels !== undefined || path === undefined) return graph;
  const labels = labelsBeside(path, graph.maps.get(graph.logits)?.channels);
  return labels === undefined ? graph : { ...graph, labels };
}

/** MODEL as imported. Throws InputError. */
export function loadGraph(model: string, options: LoadOptions = {}): Graph {
  const path = modelPath(model);
  const { until = [] } = options;
  const cut = (graph: Graph) => (until.length === 0 ? graph : cutGraph(graph, until));
  if (path === undefined) return cut(zoo(model, options));
  if (isNetworkFile(path)) return cut(withSeededWeights(readNetworkFile(path), options));
  if (options.activation === undefined) return importModel(path, until);
  throw new InputError({
    code: "bad-option",
    node: "--activation",
    found: `a model with weights, ${model}`,
    supported: "networks of the zoo, or in TypeScript",
    fix: "leave --activation out: a trained network keeps its own",
  });
}

/** Whether a path is that of a network in TypeScript. */
export function isNetworkFile(path: string): boolean {
  return extname(path).toLowerCase() === ".ts";
}

/** The file that MODEL names; undefined when it is the name of a network or nothing known. */
export function modelPath(model: string): string | undefined {
  const kind = kindOf(model);
  // A folder that happens to be called like a network does not hide the network.
  if (kind !== "folder" || !isNetworkName(model)) {
    if (kind !== "nothing" || modelEndings.has(extname(model).toLowerCase())) return model;
  }
  return model === embeddedName ? picturesModelPath() : undefined;
}

function isNetworkName(model: string): boolean {
  return model === embeddedName || isZooName(model);
}

/** Names of as many classes as the model has logits; undefined when no file beside it holds that many. */
export function labelsBeside(model: string, classes: number | undefined): readonly string[] | undefined {
  const folder = dirname(model);
  const candidates = [
    readLines(join(folder, "labels.txt")),
    readJson(join(folder, "labels.json")),
    fieldOf(readJson(join(folder, "meta.json")), "class_names"),
  ];
  return candidates.filter(isLabels).find((labels) => labels.length === classes);
}

function isLabels(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((label) => typeof label === "string");
}

function readLines(path: string): readonly string[] | undefined {
  return exists(path) ? readText(path).trimEnd().split(/\r?\n/) : undefined;
}

function readJson(path: string): unknown {
  if (!exists(path)) return undefined;
  try {
    return JSON.parse(readText(path));
  } catch (error) {
    throw new InputError({
      code: "broken-labels",
      node: path,
      found: error instanceof Error ? error.message : String(error),
      supported: "JSON",
      fix: "mend the file or move it away from the model",
    });
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
