/** A decoded .onnx file -> graph, layers and problems. */
import type { Problem } from "../../ir/errors.ts";
import type { Graph, Node, OutputOrder } from "../../ir/graph.ts";
import { shapeProblems, showShape } from "../../ir/shapes.ts";
import { item } from "../../ir/known.ts";
import { withEnds, type TriedStep } from "../ends.ts";
import type { Imported, ImportedLayer } from "../importer.ts";
import { NameList } from "../names.ts";
import { Attributes } from "./attributes.ts";
import type { Report } from "./attributes.ts";
import { GraphBuilder } from "./builder.ts";
import { REEXPORT } from "./context.ts";
import type { OperatorContext } from "./context.ts";
import type { ExternalFiles } from "./external.ts";
import type { FileNode, OnnxFile } from "./file.ts";
import { readInputs } from "./inputs.ts";
import { asMap } from "./layout.ts";

import { FOLDED, isStandard, readerFor } from "./operators/index.ts";
import { finishGraph } from "./finish.ts";
import { outputOrderOf } from "./outputs.ts";
import { picturesIn } from "./pictures.ts";
import { DataType } from "./schema.ts";
import { inOrder } from "./sort.ts";
import { readConstant } from "./tensors.ts";
import { nameOf } from "./until.ts";
import { withUnknownOperators } from "../unknown-operator.ts";
import type { UnknownOperator } from "../unknown-operator.ts";
import { isIdentity } from "./values.ts";
import type { MapValue, Value } from "./values.ts";

type FileGraph = NonNullable<OnnxFile["graph"]>;

/** Operator sets whose operators Firebrick knows. */
const OPSETS = { oldest: 7, newest: 26 } as const;

/** State of one import: what each name stands for. A name without a value was reported already. */
interface Reading {
  readonly values: Map<string, Value | undefined>;
  readonly builder: GraphBuilder;
  readonly names: NameList;
  readonly problems: Problem[];
  readonly unknown: UnknownOperator[];
  readonly opset: number;
  readonly files: ExternalFiles;
  /** Names that operators or the network's outputs read. */
  readonly read: ReadonlySet<string>;
}

/** Reads every operator, also behind one that has a problem. */
export function importOnnx(name: string, file: OnnxFile, graph: FileGraph, files: ExternalFiles): Imported {
  const problems: Problem[] = [];
  const opset = checkFile(name, file, graph, problems);
  const { nodes: ordered, cyclic } = inOrder(graph.node);
  const reading: Reading = {
    values: new Map(),
    builder: new GraphBuilder(),
    names: new NameList(),
    problems,
    unknown: [],
    opset,
    files,
    read: new Set([
      ...graph.node.flatMap((node) => node.input),
      ...graph.output.map((output) => output.name),
    ]),
  };
  for (const tensor of graph.initializer) {
    const read = readConstant(tensor, files, about(tensor.name || "a constant", problems));
    reading.values.set(tensor.name, read);
  }
  const stored = new Set(graph.initializer.map((tensor) => tensor.name));
  const inputs = readInputs(graph, stored, reading.builder, problems);
  for (const [input, value] of inputs) reading.values.set(input, value);
  for (const node of cyclic) for (const output of node.output) reading.values.set(output, undefined);
  if (cyclic.size > 0) reportCycle([...cyclic], problems);
  const layers = ordered.flatMap((node, index) => (cyclic.has(node) ? [] : [readNode(node, index, reading)]));
  const outputs = graph.output.flatMap(({ name: output }) => readOutput(output, reading));
  const ids = [...inputs.values()].flatMap((value) => (value ? [value.tensor.id] : []));
  const steps = ordered.flatMap((node) => (cyclic.has(node) ? [] : [node])).map(stepOf(layers, reading));
  const told = withEnds(
    withUnknownOperators(problems, reading.unknown),
    steps,
    graph.output.map(({ name: output }) => output),
  );
  const base = { name, format: "onnx", inputs: ids, problems: told };
  const { builder } = reading;
  if (told.length > 0) {
    return { ...base, layers, tensors: builder.tensors, outputs: outputs.map(({ map }) => map.tensor.id) };
  }
  const { nodes, tensors } = builder;
  const [axes] = [...inputs.values()].map((value) => value && (asMap(value)?.map ?? value).axes);
  const raw: Graph = {
    name,
    nodes,
    tensors,
    inputs: ids,
    outputs: outputs.map(({ map }) => map.tensor.id),
    ...(axes !== undefined && !isIdentity(axes) && { inputAxes: axes }),
    ...(outputs.some(({ order }) => order) && { outputOrders: outputs.map(({ order }) => order) }),
  };
  const preprocess = picturesIn(raw, file, isCastInput(graph, raw, [...inputs.keys()]));
  const finished = { ...finishGraph(raw, builder.integers), ...(preprocess && { preprocess }) };
  return {
    ...base,
    layers: relate(layers, finished),
    tensors: finished.tensors,
    outputs: finished.outputs,
    graph: finished,
  };
}

const WITH_WEIGHTS = /Conv|Gemm|MatMul/;

function stepOf(layers: readonly ImportedLayer[], { values }: Reading) {
  return ({ input, opType, output }: FileNode, index: number): TriedStep<string> => ({
    name: item(layers, index).name,
    inputs: input.filter((name) => name !== ""),
    outputs: output.filter((name) => name !== ""),
    hasWeights: WITH_WEIGHTS.test(opType),
    makesMap: values.get(output[0] ?? "")?.kind === "map",
  });
}

/** Whether the first input is of bytes, of which the network makes floats before anything else. */
function isCastInput(file: FileGraph, { inputs, tensors }: Graph, [first]: readonly string[]): boolean {
  const stated = file.input.find(({ name }) => name === first)?.type?.tensorType?.elemType;
  return stated === DataType.UINT8 && tensors.get(inputs[0] ?? -1)?.dtype === "float32";
}

/** The opset of the standard operators. */
function checkFile(node: string, file: OnnxFile, graph: FileGraph, problems: Problem[]): number {
  const report = about(node, problems);
  const opset = file.opsetImport.find(({ domain }) => isStandard(domain))?.version ?? 1;
  if (opset < OPSETS.oldest || opset > OPSETS.newest) {
    report(
      "unsupported-version",
      `operator set ${opset}`,
      `${OPSETS.oldest} to ${OPSETS.newest}`,
      "convert the model with onnx.version_converter",
    );
  }
  if (file.functions.length > 0) {
    const found = `functions ${file.functions.map((f) => f.name).join(", ")}`;
    report("unsupported-subgraphs", found, "standard operators", "export without functions, or inline them");
  }
  if (graph.sparseInitializer.length > 0) {
    report(
      "unsupported-tensor",
      `${graph.sparseInitializer.length} sparse constants`,
      "dense constants",
      "store the constants dense",
    );
  }
  if (graph.node.length === 0 || graph.output.length === 0) {
    const found = `${graph.node.length} operators, ${graph.output.length} outputs`;
    report("empty-network", found, "at least one of each", REEXPORT);
  }
  return opset;
}

function reportCycle(nodes: readonly FileNode[], problems: Problem[]): void {
  const names = nodes.map((node) => node.name || node.output[0] || node.opType);
  const shown = names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
  const report = about(names[0] ?? "graph", problems);
  report(
    "corrupt-file",
    `operators that read their own results: ${shown}`,
    "operators without a cycle",
    REEXPORT,
  );
}

function about(node: string, problems: Problem[]): Report {
  return (code, found, supported, fix) => void problems.push({ code, node, found, supported, fix });
}

/** Problems about what an operator is itself: those of its operands may follow from one that was told already. */
const OWN_PROBLEMS = ["unsupported-attribute", "invalid-attribute", "unsupported-activation"];

function ofAttributes(report: Report): Report {
  return (code, ...rest) => {
    if (OWN_PROBLEMS.includes(code)) report(code, ...rest);
  };
}

function readNode(node: FileNode, index: number, reading: Reading): ImportedLayer {
  const { values, builder, names, problems } = reading;
  const name = names.unique(nameOf(node, index));
  const report = about(name, problems);
  const maps = node.input.flatMap((input) => {
    const value = values.get(input);
    return value?.kind === "map" ? [value.shape] : [];
  });
  const layer = { name, operator: node.opType, inputs: maps, outputs: [] };
  const failed = (): ImportedLayer => {
    for (const output of node.output) values.set(output, undefined);
    return layer;
  };
  const inputs = node.input.map((input) => (input === "" ? undefined : values.get(input)));
  const isUnknown = node.input.some((input, i) => input !== "" && inputs[i] === undefined);
  const missing = node.input.filter((input) => input !== "" && !values.has(input));
  for (const input of missing) {
    report(
      "corrupt-file",
      `an input ${JSON.stringify(input)} that nothing makes`,
      "inputs that the network, a constant or an operator makes",
      REEXPORT,
    );
  }
  const reader = readerFor(node.domain, node.opType, isUnknown ? [] : inputs);
  if (!reader) {
    // What reads a value that was reported may have been a constant.
    if (isUnknown && isStandard(node.domain) && Object.hasOwn(FOLDED, node.opType)) return failed();
    const domain = isStandard(node.domain) ? "" : `${node.domain}.`;
    reading.unknown.push({
      node: name,
      operator: node.opType,
      shown: `${domain}${node.opType}`,
      before: problems.length,
    });
    return failed();
  }
  const repeated = node.output.filter((output) => output !== "" && values.has(output));
  for (const output of repeated) {
    report(
      "corrupt-file",
      `an output ${JSON.stringify(output)} that is written twice`,
      "each value written once",
      REEXPORT,
    );
  }
  const [fewest, most] = reader.inputs;
  const further = node.output.slice(1).filter((output) => output !== "");
  const extra = reader.further ? [] : further.filter((output) => reading.read.has(output));
  const required = node.input.slice(0, fewest);
  if (required.length < fewest || node.input.length > most || required.includes("")) {
    const range = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
    report(
      "unsupported-operator",
      `${node.opType} with ${node.input.filter((input) => input !== "").length} inputs`,
      `${node.opType} with ${range} inputs`,
      "export the network with this form of the operator",
    );
    return failed();
  }
  if (extra.length > 0) {
    report(
      "unsupported-attribute",
      `further outputs ${extra.join(", ")}`,
      `${node.opType} with one output`,
      "remove what reads the further outputs",
    );
  }
  const attributes = new Attributes(node.attribute, report);
  const before = builder.nodes.length;
  const outputName = node.output[0] || name;
  const op: OperatorContext = {
    index,
    name,
    operator: node.opType,
    opset: isStandard(node.domain) ? reading.opset : 1,
    inputs,
    outputName,
    outputNames: node.output,
    attributes,
    builder,
    files: reading.files,
    unread: further.filter((output) => !reading.read.has(output)),
    report: isUnknown ? ofAttributes(report) : report,
  };
  const value = reader.read(op);
  attributes.finish();
  if (!value || extra.length > 0) return failed();
  values.set(outputName, value);
  for (const [i, other] of (reader.further?.(op) ?? []).entries()) {
    const output = node.output[i + 1] ?? "";
    if (output !== "") values.set(output, other);
  }
  const made = builder.nodes.slice(before);
  const wrong = made.flatMap((other) => shapeProblems(other, builder.tensors));
  for (const what of wrong)
    report("shape-mismatch", what, "shapes that follow from the attributes", REEXPORT);
  const mixed = made.flatMap((other) => mixedTypes(other, builder.tensors));
  for (const what of mixed)
    report("unsupported-type", what, "maps and weights that are all floats, or all integers", DEQUANTISE);
  if (mixed.length > 0) return failed();
  const last: Node | undefined = made.at(-1);
  return { ...layer, outputs: [value.shape], ...(last && { node: last }) };
}

const DEQUANTISE = "put DequantizeLinear before the operator, or quantise its weights";

const CONVERSIONS: readonly Node["kind"][] = ["quantize", "dequantize", "arg-max", "arg-min", "cast"];

/** ONNX's operators take tensors of one type; those of 8 bits may still differ in their sign here. */
function mixedTypes(node: Node, tensors: Graph["tensors"]): string[] {
  if (CONVERSIONS.includes(node.kind)) return [];
  const types = new Set([...node.inputs, node.output].map((id) => tensors.get(id)?.dtype));
  const isMixed = types.has("float32") && types.size > 1;
  return isMixed ? [`tensors of ${[...types].join(" and ")}`] : [];
}

interface Output {
  readonly map: MapValue;
  readonly order: OutputOrder | null;
}

function readOutput(name: string, { values, problems }: Reading): Output[] {
  const report = about(name, problems);
  const value = values.get(name);
  if (value?.kind === "map") {
    const order = outputOrderOf(value);
    if (order !== undefined) return [{ map: value, order }];
    report(
      "unsupported-map",
      `an output ${showShape(value.shape)} that is a map's values in no order of its axes`,
      "outputs whose axes are a map's, split, joined or in another order",
      "cut the network before the reshape with --until",
    );
  } else if (value) {
    report(
      "empty-network",
      `a constant output ${showShape(value.shape)}`,
      "outputs that the network computes",
      REEXPORT,
    );
  } else if (!values.has(name)) {
    report(
      "corrupt-file",
      "an output of the network that nothing writes",
      "outputs that operators write",
      REEXPORT,
    );
  }
  return [];
}

/** Layers with the nodes that are left of them once quantised layers are fused. */
function relate(layers: readonly ImportedLayer[], graph: Graph): ImportedLayer[] {
  return layers.map((layer, index) => {
    const { node: _, ...rest } = layer;
    const [node, ...parts] = graph.nodes.filter(
      (candidate) => candidate.sources.includes(index) && mainSource(candidate) === index,
    );
    return node ? { ...rest, node, ...(parts.length > 0 && { parts }) } : rest;
  });
}

/** The operator that a node's weights come from: of DequantizeLinear, Conv, QuantizeLinear the second. */
function mainSource(node: Node): number | undefined {
  return node.kind === "quantize" || node.kind === "dequantize" ? node.sources[0] : node.sources.at(0);
}
