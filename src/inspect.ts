/** What `firebrick inspect` shows: every layer that could be read, every problem that was found. */
import Table from "cli-table3";
import { readModel } from "./1-import/index.ts";
import type { Imported, ImportedLayer } from "./1-import/importer.ts";
import { runPasses } from "./2-passes/pipeline.ts";
import { lower } from "./3-quantise/lower.ts";
import { macsOf, parametersOf } from "./ir/counts.ts";
import { InputError, mergeProblems } from "./ir/errors.ts";
import type { Problem } from "./ir/errors.ts";
import type { DType, Graph } from "./ir/graph.ts";
import { elements, showShape } from "./ir/shapes.ts";
import type { Shape } from "./ir/shapes.ts";
import { visible } from "./ir/visible.ts";
import { thousands } from "./ir/thousands.ts";

export interface InspectedTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Where the tensor is quantised as a whole. */
  readonly scale?: number;
  readonly zeroPoint?: number;
}

export interface InspectedLayer {
  readonly name: string;
  /** As the model's framework calls it. */
  readonly operator: string;
  /** Shapes of the maps that it reads; constants left out. */
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly parameters: number;
  readonly macs: number;
  /** Of a layer in Deep Compression's format: weights and padding zeros that the file holds. */
  readonly storedEntries?: number;
  readonly nonzeroWeights?: number;
  /** Non-zero weights / weights. */
  readonly density?: number;
  /** Of the 256 codes. */
  readonly codesUsed?: number;
}

export interface Inspection {
  readonly model: string;
  readonly format: string;
  /** Type of the network's input: float32 networks have to be quantised first. */
  readonly arithmetic: DType | "unknown";
  readonly inputs: readonly InspectedTensor[];
  readonly outputs: readonly InspectedTensor[];
  readonly parameters: number;
  readonly macs: number;
  /** Totals of a Deep Compression file. */
  readonly storedEntries?: number;
  readonly nonzeroWeights?: number;
  readonly layers: readonly InspectedLayer[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the model file at `path`, up to the layers named. Problems inside the network are part of the result; counts cover what could be read.
 * @throws InputError when nothing could be read: no file, unknown format, damaged file.
 */
export function inspectModel(path: string, until: readonly string[] = []): Inspection {
  const imported = readModel(path, until);
  if (imported.layers.length === 0 && imported.problems.length > 0) throw new InputError(imported.problems);
  return inspectImported(imported);
}

/** A network that comes as a graph and not as a file, such as one of the zoo. */
export function inspectGraph(graph: Graph): Inspection {
  const shapes = (ids: readonly number[]) => ids.flatMap((id) => mapShape(graph, id));
  const layers = graph.nodes.map((node) => ({
    name: node.name,
    operator: node.kind,
    inputs: shapes(node.inputs),
    outputs: shapes([node.output]),
    node,
  }));
  const { name, tensors, inputs, outputs } = graph;
  return inspectImported({ name, format: "graph", layers, tensors, inputs, outputs, problems: [], graph });
}

function mapShape(graph: Graph, id: number): Shape[] {
  const tensor = graph.tensors.get(id);
  return tensor && !tensor.data ? [tensor.shape] : [];
}

function inspectImported(imported: Imported): Inspection {
  const { tensors, graph } = imported;
  const layers = imported.layers.map((layer): InspectedLayer => {
    const { name, operator, inputs, outputs, node, parts = [] } = layer;
    const nodes = node ? [...parts, node] : [];
    const total = (count: typeof macsOf) => nodes.reduce((sum, one) => sum + count(one, tensors), 0);
    return {
      name,
      operator,
      inputShapes: inputs,
      outputShape: outputs[0] ?? [],
      parameters: total(parametersOf),
      macs: total(macsOf),
      ...inspectStored(layer, tensors),
    };
  });
  const ends = (ids: readonly number[]) => ids.flatMap((id) => inspectTensor(imported, id));
  const inputs = ends(imported.inputs);
  return {
    model: imported.name,
    format: imported.format,
    arithmetic: arithmeticOf(imported),
    inputs,
    outputs: ends(imported.outputs),
    parameters: layers.reduce((sum, layer) => sum + layer.parameters, 0),
    macs: layers.reduce((sum, layer) => sum + layer.macs, 0),
    ...storedTotals(layers),
    layers,
    problems: mergeProblems([...imported.problems, ...(graph ? loweringProblems(graph) : [])]),
  };
}

function inspectStored({ stored, node }: ImportedLayer, tensors: Imported["tensors"]) {
  if (!stored) return {};
  const weights = tensors.get(node?.inputs[1] ?? -1);
  const { entries, nonzeroWeights, codesUsed } = stored;
  const density = weights ? nonzeroWeights / elements(weights.shape) : 0;
  return { storedEntries: entries, nonzeroWeights, density, codesUsed };
}

/** Sums over the layers that are stored compressed; nothing for other formats. */
function storedTotals(layers: readonly InspectedLayer[]) {
  if (!layers.some((layer) => layer.storedEntries !== undefined)) return {};
  const sum = (count: (layer: InspectedLayer) => number | undefined) =>
    layers.reduce((total, layer) => total + (count(layer) ?? 0), 0);
  return {
    nonzeroWeights: sum((layer) => layer.nonzeroWeights),
    storedEntries: sum((layer) => layer.storedEntries),
  };
}

function inspectTensor(imported: Imported, id: number): InspectedTensor[] {
  const tensor = imported.tensors.get(id);
  if (!tensor) return [];
  const [scale, zeroPoint] = [tensor.quantization?.scales[0], tensor.quantization?.zeroPoints[0]];
  const { name, shape, dtype } = tensor;
  const quantised = scale !== undefined && zeroPoint !== undefined ? { scale, zeroPoint } : {};
  return [{ name, shape, dtype, ...quantised }];
}

/** The type that most of the work is done in: that of the first layer with weights, else of the input. */
function arithmeticOf(imported: Imported): DType | "unknown" {
  const weighted = imported.layers.find(
    ({ node }) => node !== undefined && macsOf(node, imported.tensors) > 0,
  );
  const id = weighted?.node?.output ?? imported.inputs[0];
  return (id === undefined ? undefined : imported.tensors.get(id)?.dtype) ?? "unknown";
}

/** What the importer takes and the integer graph cannot hold. Being float is no fault of a model that is only inspected. */
function loweringProblems(graph: Graph): readonly Problem[] {
  try {
    lower(runPasses(graph));
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems.filter(({ code }) => code !== "float-model");
    throw error;
  }
}

const NO_BORDERS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** The inspection as text: totals, a table of layers, the problems. */
export function formatInspect(inspection: Inspection): string {
  const { model, format, arithmetic, parameters, macs } = inspection;
  const compressed = inspection.storedEntries !== undefined;
  const storedHead = compressed ? ["entries", "density", "codes"] : [];
  const table = new Table({
    head: ["layer", "operator", "input", "output", "parameters", "MACs", ...storedHead],
    colAligns: ["left", "left", "left", "left", "right", "right", ...storedHead.map(() => "right" as const)],
    chars: NO_BORDERS,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const layer of inspection.layers) {
    const input = layer.inputShapes.map(showShape).join(" ");
    const counts = [thousands(layer.parameters), thousands(layer.macs)];
    const stored = compressed ? formatStored(layer) : [];
    table.push([
      visible(layer.name),
      visible(layer.operator),
      input,
      showShape(layer.outputShape),
      ...counts,
      ...stored,
    ]);
  }
  const lines = [
    `${visible(model)}: ${format}, ${arithmetic}, ${thousands(parameters)} parameters, ${thousands(macs)} multiply-accumulates an image`,
    ...formatStoredTotals(inspection),
    ...inspection.inputs.map((tensor) => `input  ${formatTensor(tensor)}`),
    ...inspection.outputs.map((tensor) => `output ${formatTensor(tensor)}`),
    "",
    ...table
      .toString()
      .split("\n")
      .map((line) => line.trimEnd()),
    "",
    ...formatProblems(inspection.problems),
  ];
  return lines.join("\n") + "\n";
}

/** Cells of one layer: stored entries, density of its weights, codes used. */
function formatStored({ storedEntries, density, codesUsed }: InspectedLayer): string[] {
  if (storedEntries === undefined || density === undefined || codesUsed === undefined) return ["", "", ""];
  return [thousands(storedEntries), `${(100 * density).toFixed(1)} %`, String(codesUsed)];
}

function formatStoredTotals({ storedEntries, nonzeroWeights, layers }: Inspection): string[] {
  if (storedEntries === undefined || nonzeroWeights === undefined) return [];
  const weights = layers.reduce(
    (sum, { nonzeroWeights: nonzero, density }) => sum + (nonzero && density ? nonzero / density : 0),
    0,
  );
  const density = ((100 * nonzeroWeights) / weights).toFixed(1);
  const entries = `${thousands(storedEntries)} stored entries, ${thousands(nonzeroWeights)} non-zero weights`;
  return [`${entries}, density ${density} %`];
}

function formatTensor({ name, shape, dtype, scale, zeroPoint }: InspectedTensor): string {
  const isQuantised = scale !== undefined && zeroPoint !== undefined;
  const quantised = isQuantised ? `, scale ${scale}, zero point ${zeroPoint}` : "";
  return `${visible(name)}: ${dtype} ${showShape(shape)}${quantised}`;
}

function formatProblems(problems: readonly Problem[]): string[] {
  if (problems.length === 0) return ["no problems"];
  const blocks = problems.flatMap(({ code, node, found, supported, fix }) => [
    `${code}: ${visible(node)}`,
    `  found      ${visible(found)}`,
    `  supported  ${supported}`,
    `  fix        ${visible(fix)}`,
  ]);
  return [problems.length === 1 ? "1 problem" : `${problems.length} problems`, ...blocks];
}
