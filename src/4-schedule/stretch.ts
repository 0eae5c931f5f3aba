/** Operands that the unit behind the array cannot stretch: repeated by nodes of their own in front. */
import { NO_PADDING } from "../ir/graph.ts";
import type {
  ConstantMap,
  IntBinary,
  IntConv,
  IntGraph,
  IntMap,
  IntNode,
  IntRepeat,
  MapId,
} from "../ir/integer.ts";
import { isBinary } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";

type Sides = Pick<IntMap, "height" | "width" | "channels">;

/**
 * The graph in which one operand of every operator of two maps has the result's shape, and the other all its channels. One
 * channel becomes several by a convolution of ones; rows and columns are repeated. Constants are stretched here and now.
 */
export function withStretchedOperands(graph: IntGraph, nodes: readonly IntNode[]): IntGraph {
  if (!nodes.some((node) => isBinary(node) && node.inputs.some((id) => !isLike(graph, id, node.output))))
    return graph;
  const maps = new Map(graph.maps);
  let next = Math.max(...maps.keys()) + 1;
  const mapOf = (id: MapId) => known(maps.get(id), "an operand is a map");
  const stretched = graph.nodes.flatMap((node): IntNode[] => {
    if (!nodes.includes(node) || !isBinary(node)) return [node];
    const made: IntNode[] = [];
    const inputs = [...node.inputs];
    const put = (i: number, sides: Partial<Sides>, make: typeof spread) => {
      const from = mapOf(item(inputs, i));
      const to: IntMap = { ...from, ...sides, id: next++, name: `${from.name}_${node.name}` };
      maps.set(to.id, from.values ? { ...to, values: repeated({ ...from, values: from.values }, to) } : to);
      if (!from.values)
        made.push(make(`${node.name}_operand${i}${make === spread ? "" : "_repeat"}`, from, to));
      inputs[i] = to.id;
    };
    const { channels, height, width } = mapOf(node.output);
    const isFlat = ({ height: rows, width: columns }: IntMap) => rows !== height || columns !== width;
    for (const i of inputs.keys())
      if (mapOf(item(inputs, i)).channels !== channels) put(i, { channels }, spread);
    const constant = inputs.findIndex((id) => mapOf(id).values);
    if (inputs.every((id) => isFlat(mapOf(id)))) put(Math.max(0, constant), { height, width }, repeat);
    return [...made, { ...node, inputs } satisfies IntBinary];
  });
  return { ...graph, maps, nodes: stretched };
}

function isLike({ maps }: IntGraph, id: MapId, other: MapId): boolean {
  const [a, b] = [known(maps.get(id), "an operand is a map"), known(maps.get(other), "a result is a map")];
  return a.height === b.height && a.width === b.width && a.channels === b.channels;
}

function base(name: string, from: IntMap, to: IntMap) {
  return { name, sources: [], inputs: [from.id], output: to.id, macs: 0 };
}

/** The one channel as all of `to`. */
function spread(name: string, from: IntMap, to: IntMap): IntConv | IntRepeat {
  const each = (value: number) => new Int32Array(to.channels).fill(value);
  return {
    kind: "conv",
    ...base(name, from, to),
    kernel: [1, 1],
    stride: [1, 1],
    dilation: [1, 1],
    padding: NO_PADDING,
    weights: new Int16Array(to.channels).fill(1),
    weightZeroPoint: 0,
    bias: each(0),
    requantize: { multiplier: each(2 ** 30), exponent: each(1), min: -128, max: 127 },
  };
}

/** The values of a constant, along the sides of 1 as often as `to` is long. */
function repeated(from: ConstantMap, to: Sides): Int8Array {
  return new Int8Array(to.height * to.width * to.channels).map((_, i) => {
    const channel = i % to.channels;
    const column = Math.floor(i / to.channels) % to.width;
    const row = Math.floor(i / to.channels / to.width);
    const pixel = (from.height === 1 ? 0 : row) * from.width + (from.width === 1 ? 0 : column);
    return item(from.values, pixel * from.channels + (from.channels === 1 ? 0 : channel));
  });
}

function repeat(name: string, from: IntMap, to: IntMap): IntConv | IntRepeat {
  return {
    kind: "repeat",
    ...base(name, from, to),
    factor: [to.height / from.height, to.width / from.width],
  };
}
