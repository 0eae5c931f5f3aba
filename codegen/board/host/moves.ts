/** Operators that move values, perhaps through a table, as calls of `move`. */
import { requantise, requantiseFloat32 } from "../../../hw/kernels/requantise.ts";
import type { Int, UInt } from "../../../src/hls/index.ts";
import type {
  IntConcat,
  IntGraph,
  IntInterleave,
  IntMap,
  IntPad,
  IntRepeat,
  IntSlice,
  Rescaling,
} from "../../../src/ir/integer.ts";
import { item } from "../../../src/ir/known.ts";
import type { Code } from "../../text/code.ts";
import { c } from "../../text/languages.ts";
import type { HostMemory, Values } from "./memory.ts";

type Three = readonly [number, number, number];

/** A map and where its values lie. */
export interface Held {
  readonly map: IntMap;
  readonly values: Values;
}

interface Move {
  readonly from: Held;
  /** Elements from the first of the map to the first that is moved, and from one to the next along each axis. */
  readonly fromFirst?: number;
  readonly fromSteps?: Three;
  readonly toFirst?: number;
  readonly toSteps?: Three;
  readonly sizes: Three;
  readonly table?: Code<"c">;
  /** From the table of a channel to that of the next. */
  readonly tableStep?: number;
}

const stepsOf = ({ channels, width }: IntMap): Three => [width * channels, channels, 1];
const sizesOf = ({ channels, height, width }: IntMap): Three => [height, width, channels];
const times = ([y, x, channel]: Three, [down, across, apart]: Three): Three => [
  y * down,
  x * across,
  channel * apart,
];
const list = ([y, x, channel]: Three): Code<"c"> => c`(const uint32_t[3]){ ${y}, ${x}, ${channel} }`;

function call(to: Held, move: Move): Code<"c"> {
  const { from, fromFirst = 0, fromSteps = stepsOf(from.map), sizes, tableStep = 0 } = move;
  const { toFirst = 0, toSteps = stepsOf(to.map) } = move;
  const [source, target] = [c`${from.values.code} + ${fromFirst}`, c`${to.values.code} + ${toFirst}`];
  const table = move.table ?? c`NULL`;
  return c`move(${target}, ${list(toSteps)}, ${source}, ${list(fromSteps)}, ${list(sizes)}, ${table}, ${tableStep})`;
}

/** All values through a table, or through one a channel. */
export function throughTable(to: Held, from: Held, tables: Int8Array, memory: HostMemory): Code<"c">[] {
  const tableStep = tables.length === 256 ? 0 : 256;
  return [call(to, { from, sizes: sizesOf(from.map), table: memory.table(tables), tableStep })];
}

export function sliceCalls({ begin, stride }: IntSlice, to: Held, from: Held): Code<"c">[] {
  const steps = stepsOf(from.map);
  const [top, left, front] = times(steps, begin);
  const fromFirst = top + left + front;
  return [call(to, { from, fromFirst, fromSteps: times(steps, stride), sizes: sizesOf(to.map) })];
}

/** Pixels of the maps at each place of a group of factor[0] rows and factor[1] columns. */
export function wovenCalls(
  { factor: [rows, columns], kind }: IntRepeat | IntInterleave,
  to: Held,
  inputs: readonly Held[],
): Code<"c">[] {
  const steps = stepsOf(to.map);
  return Array.from({ length: rows * columns }, (_, i) => {
    const from = item(inputs, kind === "repeat" ? 0 : i);
    const toFirst = Math.floor(i / columns) * steps[0] + (i % columns) * steps[1];
    return call(to, { from, toFirst, toSteps: times(steps, [rows, columns, 1]), sizes: sizesOf(from.map) });
  });
}

/** The map inside of what `fill` has put around it. */
export function padCalls({ channels = [0, 0], padding }: IntPad, to: Held, from: Held): Code<"c">[] {
  const steps = stepsOf(to.map);
  const toFirst = padding.top * steps[0] + padding.left * steps[1] + channels[0];
  const fill = c`fill(${to.values.code}, ${steps[0] * to.map.height}, ${to.map.zeroPoint})`;
  return [fill, call(to, { from, toFirst, sizes: sizesOf(from.map) })];
}

/** Maps one behind the other, then their channels in another order where there is one. */
export function concatCalls(
  node: IntConcat,
  to: Held,
  inputs: readonly Held[],
  graph: IntGraph,
  memory: HostMemory,
): Code<"c">[] {
  const { channels, height, width } = to.map;
  if (!node.order) return besideCalls(node, to, inputs, graph, memory);
  const beside = { map: to.map, values: memory.room("int8_t", height * width * channels) };
  const order = memory.table(Int32Array.from(node.order));
  return [
    ...besideCalls(node, beside, inputs, graph, memory),
    c`reorder(${to.values.code}, ${beside.values.code}, ${height * width}, ${channels}, ${order})`,
  ];
}

/** Maps one behind the other, rescaled through tables where they have another scale. */
function besideCalls(
  { axis, rescale }: IntConcat,
  to: Held,
  inputs: readonly Held[],
  graph: IntGraph,
  memory: HostMemory,
): Code<"c">[] {
  let next = 0;
  return inputs.map((from, i) => {
    const toFirst = next;
    next += item(sizesOf(from.map), axis) * item(stepsOf(to.map), axis);
    const rescaling = rescale[i];
    const table = rescaling && memory.table(rescalingTable(rescaling, from.map, to.map, graph.rounding));
    return call(to, { from, toFirst, sizes: sizesOf(from.map), ...(table && { table }) });
  });
}

/** What every re-centred value + 128 becomes: of the hardware's own kernel. */
export function rescalingTable(
  rescaling: Rescaling,
  from: IntMap,
  to: IntMap,
  rounding: IntGraph["rounding"],
): Int8Array {
  if (rescaling.table) return rescaling.table;
  const factor = BigInt(rescaling.multiplier) as UInt<31>;
  const right = BigInt(Math.max(-rescaling.exponent, 0)) as UInt<5>;
  const left = BigInt(Math.max(rescaling.exponent, 0)) as UInt<5>;
  const [none, zero] = [0n as UInt<14>, BigInt(to.zeroPoint) as Int<8>];
  const [low, high] = [-128n as Int<8>, 127n as Int<8>];
  return Int8Array.from({ length: 256 }, (_, i) => {
    const acc = BigInt(i - 128 - from.zeroPoint) as Int<32>;
    return Number(
      rounding === "float32"
        ? requantiseFloat32(acc, factor, right, left, true, false, false, none, zero, low, high)
        : requantise(acc, factor, right, left, false, false, none, zero, low, high),
    );
  });
}
