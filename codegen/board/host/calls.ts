/** What the host computes behind the accelerator, as calls of the functions in templates/board/host. */
import type { Plan } from "../../../src/4-schedule/plan.ts";
import { constantsOf, type IntGraph, type IntNode, type MapId } from "../../../src/ir/integer.ts";
import { item, known } from "../../../src/ir/known.ts";
import { elements } from "../../../src/ir/shapes.ts";
import type { TailNode, ValueId } from "../../../src/ir/tail.ts";
import type { Code } from "../../text/code.ts";
import { c } from "../../text/languages.ts";
import { meanCall, pairCall, poolCall, resizeCall } from "./arithmetic.ts";
import { detectionCalls, heldPair } from "./detection.ts";
import { argCall, l2Call, logSoftmaxCall, softmaxCall } from "./lines.ts";
import { HostMemory } from "./memory.ts";
import { layerCall, realCalls, realResizeCall, realValuesCall, type Reals } from "./reals.ts";
import {
  concatCalls,
  padCalls,
  rescalingTable,
  sliceCalls,
  throughTable,
  wovenCalls,
  type Held,
} from "./moves.ts";

export interface HostCalls {
  readonly memory: HostMemory;
  readonly calls: readonly Code<"c">[];
}

/** Undefined where the host computes what has no function in the templates. */
export function hostCalls({ graph, hostNodes, outputs }: Plan): HostCalls | undefined {
  const memory = new HostMemory();
  const calls = outputs.map(({ map }, index) => {
    const { code } = memory.add(map, "int8_t", sizeOf(graph, map));
    return c`fb_get_output(device, ${index}, ${code})`;
  });
  const read = new Set(hostNodes.flatMap(({ inputs }) => inputs));
  for (const { id, values } of constantsOf(graph)) if (read.has(id)) addConstant(id, values, memory);
  for (const node of hostNodes) {
    if (!node.inputs.every((id) => memory.has(id))) return undefined;
    const made = nodeCalls(graph, node, memory);
    if (!made) return undefined;
    calls.push(...made);
  }
  const tail = graph.tail?.nodes ?? [];
  for (const { data, id } of graph.tail?.values.values() ?? []) if (data) addConstant(id, data, memory);
  for (const node of tail) {
    const made = node.inputs.every((id) => memory.has(id)) ? tailCalls(graph, node, tail, memory) : undefined;
    if (!made) return undefined;
    calls.push(...made);
  }
  return graph.outputs.every((id) => memory.has(id)) ? { calls, memory } : undefined;
}

function nodeCalls(graph: IntGraph, node: IntNode, memory: HostMemory): readonly Code<"c">[] | undefined {
  const inputs = node.inputs.map((id) => held(graph, id, memory));
  const from = item(inputs, 0);
  if (node.kind === "reshape") {
    memory.alias(node.output, from.values);
    return [];
  }
  memory.add(node.output, "int8_t", sizeOf(graph, node.output));
  const to = held(graph, node.output, memory);
  switch (node.kind) {
    case "softmax":
      return [softmaxCall(node, to.values, from)];
    case "log-softmax":
      return [logSoftmaxCall(node, to.values, from)];
    case "l2-normalization":
      return [l2Call(to.values, from)];
    case "lookup":
      return throughTable(to, from, node.tables, memory);
    case "activation":
      return throughTable(to, from, node.kernel.table, memory);
    case "rescale":
      return throughTable(to, from, rescalingTable(node.rescaling, from.map, to.map, graph.rounding), memory);
    case "slice":
      return sliceCalls(node, to, from);
    case "repeat":
    case "interleave":
      return wovenCalls(node, to, inputs);
    case "concat":
      return concatCalls(node, to, inputs, graph, memory);
    case "pad":
      return padCalls(node, to, from);
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
      return [pairCall(node, to, from, item(inputs, 1))];
    case "max-pool":
    case "average-pool":
      return [poolCall(node, to, from)];
    case "mean":
      return one(meanCall(node, to, from, graph.rounding));
    case "resize-bilinear":
      // where ties are none, float32 comes to the exact means
      return [(graph.rounding ? realResizeCall : resizeCall)(node, to, from, memory)];
    default:
      return undefined;
  }
}

/** A list that never changes; none of what C has no numbers for. */
function addConstant(id: ValueId, data: Int8Array | Float32Array, memory: HostMemory): void {
  if (data.some((value) => !Number.isFinite(value))) return;
  const name = memory.table(data);
  memory.alias(id, { type: data instanceof Int8Array ? "int8_t" : "float", name, code: name });
}

function one(call: Code<"c"> | undefined): readonly Code<"c">[] | undefined {
  return call && [call];
}

function tailCalls(
  graph: IntGraph,
  node: TailNode,
  tail: readonly TailNode[],
  memory: HostMemory,
): readonly Code<"c">[] | undefined {
  const shapeOf = (id: ValueId) => known(graph.tail?.values.get(id), `${node.name} has a value ${id}`).shape;
  const size = () => elements(shapeOf(node.output));
  const from = () => held(graph, item(node.inputs, 0), memory);
  switch (node.kind) {
    case "arg-max":
    case "arg-min":
      return [argCall(node, memory.add(node.output, "int32_t", size()), from())];
    case "softmax":
      return [softmaxCall(node, memory.add(node.output, "int16_t", size()), from())];
    case "copy":
      memory.alias(node.output, memory.of(item(node.inputs, 0)));
      return [];
    case "detection":
      return detectionCalls(node, tail, heldPair(node.inputs.map((id) => held(graph, id, memory))), memory);
    case "dequantize": {
      const { map, values } = from();
      return [realValuesCall(memory.add(node.output, "float", size()).code, values.code, map)];
    }
    case "layer": {
      const { code } = memory.add(node.output, "float", size());
      return [layerCall(node, { shape: shapeOf(node.output), code }, from(), memory)];
    }
    default: {
      const realsOf = (id: ValueId): Reals => ({ shape: shapeOf(id), code: memory.of(id).code });
      const inputs = node.inputs.map(realsOf);
      memory.add(node.output, "float", size());
      return realCalls(node, realsOf(node.output), inputs);
    }
  }
}

function held({ maps }: IntGraph, id: MapId, memory: HostMemory): Held {
  return { map: known(maps.get(id), `the graph has map ${id}`), values: memory.of(id) };
}

function sizeOf({ maps }: IntGraph, id: MapId): number {
  const { channels, height, width } = known(maps.get(id), `the graph has map ${id}`);
  return height * width * channels;
}
