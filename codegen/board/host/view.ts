/** The view of firebrick_host.c and firebrick_host.h. */
import { hostParts } from "../../../src/4-schedule/host.ts";
import type { Plan } from "../../../src/4-schedule/plan.ts";
import type { IntGraph, OutputOrder } from "../../../src/ir/integer.ts";
import { item, known } from "../../../src/ir/known.ts";
import { stridesOf } from "../../../src/ir/places.ts";
import { elements } from "../../../src/ir/shapes.ts";
import type { View } from "../../render.ts";
import { joined, type Code } from "../../text/code.ts";
import { c } from "../../text/languages.ts";
import { hostCalls } from "./calls.ts";
import { functionsOf, usesMath, type HostFunction } from "./functions.ts";
import type { HostMemory } from "./memory.ts";

/** Constants in a line of a table. */
const ROW = 16;

/** firebrick_host.c and its header. */
export interface HostCode {
  readonly view: View;
  readonly functions: readonly HostFunction[];
}

/** Undefined where the host computes what has no function in the templates. */
export function hostView(plan: Plan): HostCode | undefined {
  const code = hostCalls(plan);
  if (!code) return undefined;
  const { calls, memory } = code;
  const functions = functionsOf(calls);
  const view = {
    calls: calls.map((call) => ({ call })),
    buffers: memory.buffers,
    tables: memory.tables.map(({ name, type, values }) => ({
      name,
      type,
      count: values.length,
      rows: Array.from({ length: Math.ceil(values.length / ROW) }, (_, row) => ({
        values: joined(
          c,
          Array.from(values)
            .slice(row * ROW, (row + 1) * ROW)
            .map((value) => c`${value}`),
          c`, `,
        ),
      })),
    })),
    outputs: plan.graph.outputs.map((_, index) => outputView(plan.graph, index, memory)),
    host: hostParts(plan).map((part) => ({ ...part })),
    usesDetection: functions.includes("detect"),
    usesMath: usesMath(functions),
  };
  return { view, functions };
}

/** Types and values of an output of the network, `v` being one of the host's. */
function outputView(graph: IntGraph, index: number, memory: HostMemory): View {
  const id = item(graph.outputs, index);
  const { name: source, type } = memory.of(id);
  const tail = graph.tail?.values.get(id);
  const map = graph.maps.get(id);
  const count = tail ? elements(tail.shape) : sizeOf(graph, id);
  const order = graph.outputOrders?.[index];
  const sourceType = { int8_t: c`int8_t`, int16_t: c`int16_t`, int32_t: c`int32_t`, float: c`float` }[
    type as "int8_t" | "int16_t" | "int32_t" | "float"
  ];
  const own = tail
    ? { type: TAIL_TYPES[tail.dtype], value: c`v` }
    : graph.floatOutputs?.includes(index)
      ? { type: c`float`, value: realValue(known(map, "an output is a map")) }
      : map?.dtype === "uint8"
        ? { type: c`uint8_t`, value: c`(uint8_t)(v + 128)` }
        : { type: c`int8_t`, value: c`v` };
  const name = (tail ?? known(map, "an output is a map")).name;
  return {
    ...own,
    index,
    count,
    name,
    source,
    sourceType,
    place: order ? placeOf(order) : c`i`,
  };
}

const TAIL_TYPES = { int16: c`int16_t`, int32: c`int32_t`, int64: c`int64_t`, float32: c`float` } as const;

function realValue({ scale, zeroPoint }: { readonly scale: number; readonly zeroPoint: number }): Code<"c"> {
  return c`(float)(${scale} * (v - (${zeroPoint})))`;
}

/** Where value `i` in the network's own order is stored. */
function placeOf({ axes, shape }: OutputOrder): Code<"c"> {
  const strides = stridesOf(shape);
  const sizes = axes.map((axis) => item(shape, axis));
  const terms = axes.flatMap((axis, at) => {
    const inner = elements(sizes.slice(at + 1));
    return sizes[at] === 1 ? [] : [c`i / ${inner}u % ${item(sizes, at)}u * ${item(strides, axis)}u`];
  });
  return joined(c, terms, c` + `);
}

function sizeOf({ maps }: IntGraph, id: number): number {
  const { channels, height, width } = known(maps.get(id), `the graph has map ${id}`);
  return height * width * channels;
}
