/** Functions that differ from channel to channel, which no table holds, as layers: two products, or a limit. */
import type { IntAdd, IntDepthwise, IntExtreme, IntGraph, IntLookup, IntMap, Slopes } from "../ir/integer.ts";
import { NO_PADDING } from "../ir/graph.ts";
import { item } from "../ir/known.ts";
import { Expansion } from "./expansion.ts";
import { divide } from "./host.ts";
import { TABLE_VALUES } from "./serial-operators.ts";

/**
 * before: a function with a table for each channel. after: depthwise 1 x 1 layers and a sum for values with a slope below zero, or
 * the larger or smaller one of the map and a pixel of constants. Others stay.
 */
export function withSplitTables(graph: IntGraph): IntGraph {
  if (!graph.nodes.some(isOfChannels)) return graph;
  const { hostNodes } = divide(graph);
  const draft = new Expansion(graph);
  for (const node of graph.nodes) {
    if (!isOfChannels(node) || hostNodes.includes(node)) draft.nodes.push(node);
    else if (node.slopes) splitSlopes(draft, node, node.slopes);
    else splitLimits(draft, node);
  }
  return { ...graph, maps: draft.maps, nodes: draft.nodes };
}

function isOfChannels(node: IntGraph["nodes"][number]): node is IntLookup {
  return node.kind === "lookup" && node.tables.some((value, i) => value !== node.tables[i % TABLE_VALUES]);
}

/**
 * What lies above the zero point, and below it for slopes above and below zero: each is the zero point where the others are not,
 * so that their sum is the one that there is.
 */
function splitSlopes(draft: Expansion, node: IntLookup, slopes: Slopes): void {
  const [input, output] = [draft.mapOf(item(node.inputs, 0)), draft.mapOf(node.output)];
  const zero = output.zeroPoint;
  const [upper, lower] = [
    { min: zero, max: 127 },
    { min: -128, max: zero },
  ];
  const ones = new Int16Array(slopes.factors.length).fill(1);
  const { below, zeroPoint } = slopes;
  const falling = slopes.factors.map((factor) => Math.min(factor, 0));
  const parts = [
    ...(falling.some((factor) => factor < 0)
      ? [scaled(draft, node, "falling", { weights: falling, zeroPoint, ...below, ...upper })]
      : []),
    scaled(draft, node, "below", {
      weights: slopes.factors.map((factor) => Math.max(factor, 0)),
      zeroPoint,
      ...below,
      ...lower,
    }),
    scaled(draft, node, "above", { weights: ones, zeroPoint: 0, ...slopes.above, ...upper }),
  ];
  parts.reduce((sum, part, i) => {
    const isLast = i === parts.length - 1;
    const to = isLast ? output : draft.map(output, `/sum${i}`, {});
    const name = isLast ? node.name : `${node.name}/sum${i}`;
    draft.nodes.push({
      kind: "add",
      name,
      sources: isLast ? node.sources : [],
      inputs: [sum.id, part.id],
      output: to.id,
      macs: 0,
      ...PLAIN_SUM,
    } satisfies IntAdd);
    return to;
  });

  function scaled(to: Expansion, { name }: IntLookup, suffix: string, by: Scaling): IntMap {
    const map = to.map(output, `/${suffix}`, {});
    to.nodes.push(layer(`${name}/${suffix}`, input, map, by));
    return map;
  }
}

/** Halves with 20 places, twice their sum without them. */
const PLAIN_SUM = {
  leftShift: 20,
  min: -128,
  max: 127,
  input1: { multiplier: 2 ** 30, exponent: 0 },
  input2: { multiplier: 2 ** 30, exponent: 0 },
  result: { multiplier: 2 ** 30, exponent: -18 },
};

interface Scaling {
  readonly weights: Int16Array;
  readonly zeroPoint: number;
  readonly multiplier: number;
  readonly exponent: number;
  readonly min: number;
  readonly max: number;
}

function layer(name: string, input: IntMap, output: IntMap, by: Scaling): IntDepthwise {
  const each = (value: number) => new Int32Array(output.channels).fill(value);
  return {
    kind: "depthwise",
    name,
    sources: [],
    inputs: [input.id],
    output: output.id,
    macs: 0,
    multiplier: 1,
    kernel: [1, 1],
    stride: [1, 1],
    dilation: [1, 1],
    padding: NO_PADDING,
    weights: by.weights,
    weightZeroPoint: by.zeroPoint,
    bias: each(0),
    requantize: {
      multiplier: each(by.multiplier),
      exponent: each(by.exponent),
      min: by.min,
      max: by.max,
    },
  };
}

/** The extremes of values and a pixel of constants. */
function splitLimits(draft: Expansion, node: IntLookup): void {
  const limits = limitsOf(node);
  if (!limits) {
    draft.nodes.push(node);
    return;
  }
  const { kind, values } = limits;
  const pixel = { height: 1, width: 1, values: Int8Array.from(values) };
  const constants = draft.map(draft.mapOf(node.output), "/constants", pixel);
  const { macs, name, output, sources } = node;
  const inputs = [item(node.inputs, 0), constants.id];
  draft.nodes.push({ kind, name, sources, inputs, output, macs } satisfies IntExtreme);
}

/** The constants that the tables of channels are the maxima, or the minima, of values with; undefined where they are not. */
function limitsOf({ tables }: IntLookup) {
  const channels = Array.from({ length: tables.length / TABLE_VALUES }, (_, c) =>
    tables.subarray(c * TABLE_VALUES, (c + 1) * TABLE_VALUES),
  );
  const is = (choose: typeof Math.max, at: number) =>
    channels.every((table) => table.every((value, i) => value === choose(i - 128, item(table, at))));
  const taken = (at: number) => channels.map((table) => item(table, at));
  if (is(Math.max, 0)) return { kind: "maximum", values: taken(0) } as const;
  if (is(Math.min, TABLE_VALUES - 1)) return { kind: "minimum", values: taken(TABLE_VALUES - 1) } as const;
  return undefined;
}
