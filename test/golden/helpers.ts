import type { IntGraph, IntMap, IntNode, Requantize } from "../../src/ir/integer.ts";
import type { Filled } from "../../src/golden/maps.ts";

/** A map with harmless defaults: 1x1x1, int8, scale 1, zero point 0. */
export function intMap(part: Partial<IntMap>): IntMap {
  return {
    id: 0,
    name: `map${part.id ?? 0}`,
    height: 1,
    width: 1,
    channels: 1,
    scale: 1,
    zeroPoint: 0,
    dtype: "int8",
    ...part,
  };
}

export function filled(values: readonly number[] | Int8Array, part: Partial<IntMap>): Filled {
  return { map: intMap(part), values: Int8Array.from(values) };
}

export const nodeBase = { name: "node", sources: [0], inputs: [0], output: 1, macs: 0 };

/** multiplier * 2^(exponent - 31) = 1 needs a multiplier of 2^30 and an exponent of 1. */
export function unitScale(channels: number): Requantize {
  return {
    multiplier: new Int32Array(channels).fill(2 ** 30),
    exponent: new Int32Array(channels).fill(1),
    min: -128,
    max: 127,
  };
}

/** A graph of the given maps and nodes; the first map is the input, the last one the output. */
export function intGraph(maps: readonly IntMap[], nodes: readonly IntNode[]): IntGraph {
  const last = maps.at(-1)!.id;
  return {
    name: "test",
    maps: new Map(maps.map((map) => [map.id, map])),
    nodes,
    input: maps[0]!.id,
    logits: last,
    outputs: [last],
    parameters: 0,
    macs: 0,
  };
}

/** Repeatable integers in [min, max]. */
export function integers(seed: number): (min: number, max: number) => number {
  let state = seed >>> 0;
  return (min, max) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return min + Math.floor((state / 2 ** 32) * (max - min + 1));
  };
}
