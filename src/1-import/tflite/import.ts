/** A structurally sound .tflite file -> graph, layers and problems. */
import { mergeProblems } from "../../ir/errors.ts";
import type { Problem } from "../../ir/errors.ts";
import type { Graph, Node, Tensor, TensorId } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { shapeProblems, showShape } from "../../ir/shapes.ts";
import { withEnds, type TriedStep } from "../ends.ts";
import type { Imported, ImportedLayer } from "../importer.ts";
import { NameList, shortName } from "../names.ts";
import { compiledProblem, withUnknownOperators } from "../unknown-operator.ts";
import type { UnknownOperator } from "../unknown-operator.ts";
import { RECONVERT } from "./context.ts";
import type { FileOperator, FileTensor, TfliteFile } from "./file.ts";
import { joinDilated } from "./dilated.ts";
import { foldConstants } from "./fold/index.ts";
import { layOut } from "./layout.ts";
import type { LaidOperator } from "./layout.ts";
import { joinShuffles } from "./shuffle.ts";
import { shapeDetections } from "./operators/detection.ts";
import { OPERATOR_READERS } from "./operators/index.ts";
import { SCHEMA_VERSION } from "./schema.ts";
import { readTensor } from "./tensors.ts";
import { nameOf } from "./until.ts";

/** A file of which nothing could be read, but for its problems. */
export function nothingOf(name: string) {
  return { name, format: "tflite", layers: [], tensors: new Map<never, never>(), inputs: [], outputs: [] };
}

/** State of one import. */
interface Reading {
  readonly file: TfliteFile;
  readonly tensors: Map<TensorId, Tensor>;
  readonly names: NameList;
  readonly problems: Problem[];
  /** In the order of the file. */
  readonly nodes: Node[];
  readonly unknown: UnknownOperator[];
  /** Results of operators that have a problem of their own. */
  readonly failed: Set<TensorId>;
}

/** Reads every operator, also behind one that has a problem. */
export function importTflite(name: string, whole: TfliteFile): Imported {
  const dilated = joinDilated(whole);
  const shuffles = joinShuffles({ ...whole, operators: dilated.operators });
  const absorbed = [...dilated.absorbed, ...shuffles.absorbed];
  const file = { ...whole, operators: shuffles.operators };
  const compiled = file.operators.flatMap((operator) => compiledProblem(name, operator.custom ?? "") ?? []);
  // What else such a file has is the other accelerator's business.
  if (compiled.length > 0) return { ...nothingOf(name), problems: mergeProblems(compiled) };
  const problems: Problem[] = checkFile(name, file);
  const tensors = new Map<TensorId, Tensor>();
  for (const index of usedTensors(file)) {
    const found = file.tensors[index];
    if (!found) continue;
    const read = readTensor(found, file.buffers[found.buffer] ?? new Uint8Array());
    problems.push(...read.problems);
    if (read.tensor) tensors.set(index, read.tensor);
  }
  shapeDetections(file.operators, tensors);
  problems.push(...checkInputs(file), ...checkOrder(file, tensors));
  const folded = foldConstants(file.operators, tensors);
  problems.push(...checkBatch(file, tensors, madeOfConstants(file)));
  const names = new NameList();
  const reading: Reading = { file, tensors, names, problems, nodes: [], unknown: [], failed: new Set() };
  const operators = file.operators.filter((operator) => !folded.has(operator));
  const laid = [...layOut(operators, file, tensors), ...folded, ...absorbed].toSorted(
    (a, b) => a.index - b.index,
  );
  const layers = laid.map((operator: LaidOperator) => {
    if (operator.isAbsorbed || folded.has(operator) || absorbed.includes(operator))
      return layerOf(operator, reading);
    const layer = readOperator(operator, reading);
    if (!layer.node) for (const output of operator.outputs) reading.failed.add(output);
    return layer;
  });
  const { inputs, outputs } = file;
  const steps = laid.map((operator, i): TriedStep<TensorId> => ({
    name: item(layers, i).name,
    inputs: operator.inputs,
    outputs: operator.outputs,
    hasWeights: WITH_WEIGHTS.test(operator.operator),
    makesMap: item(layers, i).node !== undefined,
  }));
  const told = withEnds(withUnknownOperators(problems, reading.unknown), steps, outputs);
  const base = { name, format: "tflite", layers, tensors, inputs, outputs, problems: told };
  if (told.length > 0) return base;
  const graph: Graph = { name, tensors, nodes: reading.nodes, inputs, outputs, ...file.described };
  return { ...base, graph };
}

const WITH_WEIGHTS = /CONV|FULLY_CONNECTED/;

function usedTensors(file: TfliteFile): Set<number> {
  const operands = file.operators.flatMap((operator) => [...operator.inputs, ...operator.outputs]);
  return new Set([...file.inputs, ...operands, ...file.outputs]);
}

function checkFile(node: string, file: TfliteFile): Problem[] {
  const problems: Problem[] = [];
  const report = (code: string, found: string, supported: string, fix: string) =>
    problems.push({ code, node, found, supported, fix });
  if (file.version !== SCHEMA_VERSION) {
    report("unsupported-version", `schema version ${file.version}`, `version ${SCHEMA_VERSION}`, RECONVERT);
  }
  if (file.subgraphs > 1) {
    report(
      "unsupported-subgraphs",
      `${file.subgraphs} subgraphs`,
      "one",
      "remove control flow (IF, WHILE, CALL)",
    );
  }
  if (file.operators.length === 0 || file.inputs.length === 0 || file.outputs.length === 0) {
    const found = `${file.operators.length} operators, ${file.inputs.length} inputs, ${file.outputs.length} outputs`;
    report("empty-network", found, "at least one of each", "convert the network again");
  }
  return problems;
}

function isStored(file: TfliteFile, index: number): boolean {
  const tensor = file.tensors[index];
  const buffer = tensor && file.buffers[tensor.buffer];
  return buffer !== undefined && buffer.length > 0;
}

/** Inputs whose size is open, but for a batch, of which there is one. What follows from them is fixed by theirs. */
function checkInputs(file: TfliteFile): Problem[] {
  return file.inputs.flatMap((index) => {
    const tensor = file.tensors[index];
    if (!tensor || !hasOpenSize(tensor)) return [];
    const found = `shape ${showShape(tensor.shapeSignature)}`;
    const node = tensor.name || `tensor ${index}`;
    const supported = "sizes known at conversion";
    return [{ code: "dynamic-shape", node, found, supported, fix: "convert with a fixed input size" }];
  });
}

/** Converters write -1 for the batch and 1 in the shape: that is the batch of one that Firebrick computes. */
function hasOpenSize({ shapeSignature }: FileTensor): boolean {
  return shapeSignature.some((n, axis) => n < 0 && axis > 0);
}

/** Tensors that operators make of stored ones alone, such as weights that are converted from another type. */
function madeOfConstants(file: TfliteFile): ReadonlySet<number> {
  const constants = new Set<number>([-1]);
  for (const { inputs, outputs } of file.operators)
    if (inputs.every((index) => constants.has(index) || isStored(file, index)))
      for (const output of outputs) constants.add(output);
  return constants;
}

/** Maps whose first dimension is not 1: named at the graph's inputs, or where an operator makes one. */
function checkBatch(
  file: TfliteFile,
  tensors: ReadonlyMap<TensorId, Tensor>,
  constants: ReadonlySet<number>,
): Problem[] {
  const isBatched = (index: number) => {
    const tensor = tensors.get(index);
    const isMap = tensor !== undefined && !tensor.data && !constants.has(index);
    return isMap && tensor.shape.length > 1 && tensor.shape[0] !== 1;
  };
  const batchedInputs = file.inputs.filter(isBatched);
  const makers = file.operators
    .filter((o) => !o.inputs.some(isBatched))
    .flatMap((o) => o.outputs.filter(isBatched));
  return [...batchedInputs, ...makers].map((index) => ({
    code: "unsupported-batch",
    node: tensors.get(index)?.name ?? `tensor ${index}`,
    found: `shape ${showShape(tensors.get(index)?.shape ?? [])}`,
    supported: "a batch of 1",
    fix: "convert with batch size 1",
  }));
}

/** Operands that no earlier operator, input or constant gives; tensors that are written twice. */
function checkOrder(file: TfliteFile, tensors: ReadonlyMap<TensorId, Tensor>): Problem[] {
  const problems: Problem[] = [];
  const report = (index: number, found: string) => {
    const node = file.tensors[index]?.name || `tensor ${index}`;
    const supported = "each map written once, before it is read";
    problems.push({ code: "corrupt-file", node, found, supported, fix: "convert the network again" });
  };
  const written = new Set<number>(file.inputs);
  for (const index of file.inputs)
    if (tensors.get(index)?.data) report(index, "a constant as input of the network");
  for (const operator of file.operators) {
    for (const index of operator.inputs) {
      const constant = index === -1 || tensors.get(index)?.data !== undefined;
      // Unreadable tensors were reported already.
      if (!constant && !written.has(index) && tensors.has(index))
        report(index, "a map that is read before it is written");
    }
    for (const index of operator.outputs) {
      if (written.has(index) || tensors.get(index)?.data) report(index, "a tensor that is written twice");
      written.add(index);
    }
  }
  for (const index of file.outputs) {
    if (!written.has(index) && tensors.has(index))
      report(index, "an output of the network that nothing writes");
  }
  return problems;
}

/** The operator as the file has it, under a name of its own. */
function layerOf(operator: FileOperator, { file, tensors, names }: Reading): ImportedLayer {
  const name = names.unique(nameOf(operator, file));
  const shapes = (list: readonly number[]) =>
    list.flatMap((id) => {
      const shape = tensors.get(id)?.shape ?? file.tensors[id]?.shape;
      return shape ? [shape] : [];
    });
  const maps = operator.inputs.filter((id) => !tensors.get(id)?.data && !isStored(file, id));
  return { name, operator: operator.operator, inputs: shapes(maps), outputs: shapes(operator.outputs) };
}

function readOperator(operator: LaidOperator, reading: Reading): ImportedLayer {
  const { tensors, problems } = reading;
  const layer = layerOf(operator, reading);
  const { name } = layer;
  const report = (code: string, found: string, supported: string, fix: string) =>
    problems.push({ code, node: name, found, supported, fix });

  const reader = OPERATOR_READERS.find(
    ({ code, custom }) => code === operator.code && custom === operator.custom,
  );
  if (!reader) {
    reading.unknown.push({
      node: name,
      operator: operator.operator,
      shown: operator.operator,
      before: problems.length,
    });
    return layer;
  }
  const [fewest, most] = reader.inputs;
  const count = operator.inputs.length;
  if (
    count < fewest ||
    count > most ||
    operator.outputs.length === 0 ||
    (operator.outputs.length > 1 && !reader.hasOutputs) ||
    operator.inputs.slice(0, fewest).includes(-1)
  ) {
    const found = `${operator.operator} with ${count} inputs and ${operator.outputs.length} outputs`;
    const range = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
    report("unsupported-attribute", found, `${range} inputs, 1 output`, "convert the network again");
    return layer;
  }
  if (operator.options && reader.options !== 0 && operator.optionsType !== reader.options) {
    report(
      "corrupt-file",
      `${operator.operator} with options of kind ${operator.optionsType}`,
      "its own options",
      RECONVERT,
    );
    return layer;
  }
  const inputs = operator.inputs.map((index) => tensors.get(index));
  const outputs = operator.outputs.flatMap((id) => tensors.get(id) ?? []);
  // A tensor that could not be read has its own problem.
  const isUnread = operator.inputs.some((id) => id !== -1 && !tensors.has(id));
  if (isUnread || outputs.length !== operator.outputs.length) return layer;
  const { index, options, customOptions, axes, dilated, shuffled } = operator;
  const parts: Node[] = [];
  const checked = (node: Node, stated: FileTensor | undefined): Node | undefined => {
    const wrong = shapeProblems(node, tensors);
    for (const what of wrong) {
      if (stated && hasOpenSize(stated))
        report("dynamic-shape", what, "sizes known at conversion", "convert with fixed sizes throughout");
      else report("shape-mismatch", what, "shapes that follow from the attributes", RECONVERT);
    }
    return wrong.length === 0 ? node : undefined;
  };
  const read = (output: Tensor, own: string): Node | undefined => {
    const node = reader.read({
      index,
      name: own,
      operator: operator.operator,
      inputs,
      output,
      outputs,
      options,
      customOptions,
      axes,
      dilated,
      shuffled,
      failed: reading.failed,
      addConstant: (tensor) => addTensor(reading, tensor),
      addPart: (what, { dtype, quantization }, shape, make) => {
        const part = reading.names.unique(`${own}_${what}`);
        const kept = quantization && { quantization };
        const tensor = addTensor(reading, { name: part, shape, dtype, ...kept });
        parts.push(make({ name: part, sources: [], output: tensor.id }));
        return tensor;
      },
      report,
    });
    return node && checked(node, reading.file.tensors[output.id]);
  };
  const nodes = outputs.map((output, i) =>
    read(output, i === 0 ? name : reading.names.unique(shortName(output.name, `${name}_${i}`))),
  );
  const known = nodes.filter((node) => node !== undefined);
  if (known.length < nodes.length || parts.some((part) => !checked(part, undefined))) return layer;
  reading.nodes.push(...parts, ...known);
  const [node] = known;
  return node ? { ...layer, node, ...(parts.length > 0 && { parts }) } : layer;
}

function addTensor({ file, tensors }: Reading, tensor: Omit<Tensor, "id">): Tensor {
  const added = { ...tensor, id: file.tensors.length + tensors.size };
  tensors.set(added.id, added);
  return added;
}
