/** Inputs of the network. */
import type { Problem } from "../../ir/errors.ts";
import { item } from "../../ir/known.ts";
import { showShape } from "../../ir/shapes.ts";
import type { GraphBuilder } from "./builder.ts";
import type { FileDimension, FileNode, FileValue, OnnxFile } from "./file.ts";
import { DataType, dataTypeName } from "./schema.ts";
import { dtypeOf } from "./tensors.ts";
import { typeAdvice } from "../unknown-type.ts";
import { CHANNELS_FIRST, defaultAxes, elementOrder, storedShape } from "./values.ts";
import type { MapValue } from "./values.ts";

type FileGraph = NonNullable<OnnxFile["graph"]>;

/** Old files list stored constants among the inputs. */
export function readInputs(
  graph: FileGraph,
  stored: ReadonlySet<string>,
  builder: GraphBuilder,
  problems: Problem[],
): Map<string, MapValue | undefined> {
  const inputs = graph.input.filter((input) => !stored.has(input.name));
  if (inputs.length === 0) {
    const [supported, fix] = ["an input", "export the network again"];
    problems.push({ code: "empty-network", node: graph.name || "graph", found: "no input", supported, fix });
  }
  return new Map(inputs.map((input) => [input.name, readInput(input, graph, builder, problems)]));
}

function readInput(
  input: FileValue,
  graph: FileGraph,
  builder: GraphBuilder,
  problems: Problem[],
): MapValue | undefined {
  const report = (code: string, found: string, supported: string, fix: string) =>
    void problems.push({ code, node: input.name, found, supported, fix });
  const type = input.type?.tensorType;
  const dimensions = type?.shape?.dim;
  if (!type || !dimensions) {
    report(
      "unsupported-shape",
      "an input without a shape",
      "[1, C, H, W] or [1, n]",
      "export the network with a fixed input shape",
    );
    return undefined;
  }
  const stated = dtypeOf(type.elemType);
  const dtype = stated === "uint8" && isCastToFloat(input.name, graph) ? "float32" : stated;
  if (dtype !== "float32" && dtype !== "int8" && dtype !== "uint8") {
    const found = dataTypeName(type.elemType);
    report("unsupported-type", `an input of ${found}`, "float32, int8, uint8", typeAdvice(found));
    return undefined;
  }
  const shape = dimensions.map((dimension, axis) => sizeOf(dimension, axis));
  const unknown = shape.some((n) => n < 1);
  const shown = dimensions.map((d) => (d.dimParam || d.dimValue || "?").toString()).join(", ");
  if (unknown || shape.some((n) => n > 1 << 20)) {
    report(
      "dynamic-shape",
      `an input [${shown}]`,
      "sizes that are known, except the batch",
      "export the network with a fixed input shape",
    );
    return undefined;
  }
  if (shape.length > 4 || shape.length === 0) {
    report(
      "unsupported-shape",
      `an input ${showShape(shape)}`,
      "[1, C, H, W], [1, H, W] or [1, n]",
      "export the network with such an input",
    );
    return undefined;
  }
  if (shape.length > 1 && shape[0] !== 1) {
    report("unsupported-batch", `an input ${showShape(shape)}`, "a batch of 1", "export with batch size 1");
    return undefined;
  }
  const axes =
    shape.length === 4 && isChannelsLast(input.name, item(shape, 3), graph)
      ? [0, 1, 2, 3]
      : defaultAxes(shape.length);
  // A map of one channel that leaves it out; the network then says where the channel stands.
  if (shape.length === 3 && isAlongOneAxis(input.name, graph)) {
    const row = shape.toSpliced(2, 0, 1);
    const tensor = builder.map(input.name, storedShape(row, CHANNELS_FIRST), dtype);
    return { kind: "map", tensor, shape, axes, order: elementOrder(row, CHANNELS_FIRST) };
  }
  const stored = shape.length === 3 ? [...shape, 1] : storedShape(shape, axes);
  return { kind: "map", tensor: builder.map(input.name, stored, dtype), shape, axes };
}

/** An unnamed or symbolic batch is 1. */
function sizeOf({ dimValue, dimParam }: FileDimension, axis: number): number {
  if (axis === 0 && dimValue <= 0) return 1;
  return dimParam === "" ? dimValue : 0;
}

/** What changes no place of a value, so that the layout shows behind it. */
const PASSING = ["QuantizeLinear", "DequantizeLinear", "Identity", "Cast", "Add", "Sub", "Mul", "Div"];

/**
 * Whether everything that reads the input turns it from [N, H, W, C] to [N, C, H, W] first, perhaps after arithmetic. Where there is
 * one channel, exporters write a Reshape for that.
 */
function isChannelsLast(name: string, channels: number, graph: FileGraph): boolean {
  return leadsOnlyTo(name, graph, PASSING, (node) => {
    if (node.opType === "Reshape") return channels === 1;
    const perm = node.attribute.find((attribute) => attribute.name === "perm")?.ints ?? [];
    return node.opType === "Transpose" && perm.join() === "0,3,1,2";
  });
}

/** Layers that read [1, C, L] along its last axis. */
const WINDOWS = ["Conv", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool"];

/** Whether everything that reads an input of three axes is a layer along the last, perhaps behind a normalisation. */
function isAlongOneAxis(name: string, graph: FileGraph): boolean {
  const passing = ["QuantizeLinear", "DequantizeLinear", "Identity", "Cast", "BatchNormalization"];
  return leadsOnlyTo(name, graph, passing, ({ opType }) => WINDOWS.includes(opType));
}

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16, DataType.DOUBLE];

/** Whether everything that reads the input makes floats of it first: the network then computes with pixels of 0 to 255. */
function isCastToFloat(name: string, graph: FileGraph): boolean {
  return leadsOnlyTo(name, graph, ["Transpose", "Identity"], (node) => {
    const to = node.attribute.find((attribute) => attribute.name === "to")?.i ?? 0;
    return node.opType === "Cast" && FLOATS.includes(to);
  });
}

/** Whether every way from a value, through operators that pass it on, comes to an operator that `isEnd` knows. */
function leadsOnlyTo(
  name: string,
  graph: FileGraph,
  passing: readonly string[],
  isEnd: (node: FileNode) => boolean,
): boolean {
  const readers = new Map<string, FileNode[]>();
  for (const node of graph.node) {
    for (const input of node.input) {
      const list = readers.get(input);
      if (list) list.push(node);
      else readers.set(input, [node]);
    }
  }
  const reached = new Set([name]);
  for (const value of reached) {
    const list = readers.get(value) ?? [];
    if (list.length === 0) return false;
    for (const node of list) {
      if (isEnd(node)) continue;
      const [output] = node.output;
      if (!passing.includes(node.opType) || output === undefined) return false;
      reached.add(output);
    }
  }
  return true;
}
