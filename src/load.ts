import { importModel } from "./1-import/index.ts";
import { cutGraph } from "./1-import/until.ts";
import { PASSES, runPasses } from "./2-passes/pipeline.ts";
import { lower } from "./3-quantise/lower.ts";
import { withPictureRule, type PictureRule } from "./images/picture-rule.ts";
import { InputError } from "./ir/errors.ts";
import type { Graph } from "./ir/graph.ts";
import { classesOf, type IntGraph } from "./ir/integer.ts";
import { printGraph, printIntegerGraph } from "./ir/print.ts";
import { known } from "./ir/known.ts";
import { givenClassNames, namesBeside, readClassNames } from "./labels/class-names.ts";
import { kindOf } from "./platform/files.ts";
import { extname } from "./platform/paths.ts";
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
  /** Names of the classes, or a file of them: see readClassNames. Without it the model's own, or those of a file beside it. */
  readonly labels?: string | readonly string[] | undefined;
  /** How pictures become the input, over what the model says. */
  readonly pictures?: PictureRule | undefined;
  /** Prints the graph as it is after one of `loadStages`. */
  readonly dump?: { readonly after: string; readonly print: (text: string) => void } | undefined;
}

/**
 * MODEL, a path or a network's name, as an integer graph with its class names.
 * Those come from the user, the model or a file beside it (namesBeside). Throws InputError.
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

  const classes = classesOf(graph);
  const named = withLabels(graph, model, classes, options.labels);
  return options.pictures === undefined ? named : withPictureRule(named, options.pictures);
}

/** A network with its class names: those that the user gives, the model's own, or those beside it. Throws InputError. */
export function withLabels<G extends { readonly labels?: readonly string[] }>(
  graph: G,
  model: string,
  classes: number | undefined,
  given: LoadOptions["labels"],
): G {
  const path = modelPath(model);
  const labels = given !== undefined ? labelsOf(given, known(classes, "a network has an output")) : undefined;
  const names = labels ?? graph.labels ?? (path === undefined ? undefined : namesBeside(path, classes));
  return names === undefined ? graph : { ...graph, labels: names };
}

function labelsOf(given: string | readonly string[], classes: number): readonly string[] {
  return typeof given === "string" ? readClassNames(given, classes) : givenClassNames(given, classes);
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
