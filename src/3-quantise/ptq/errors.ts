/** How far the quantised network's maps are from the float ones. */
import { makesShares } from "../../ir/answer.ts";
import type { Graph, QuantisationError, TensorId } from "../../ir/graph.ts";
import type { IntGraph, MapId } from "../../ir/integer.ts";
import type { Factors } from "./equalise.ts";

/** One line of the table of errors. */
export interface LayerError extends QuantisationError {
  readonly operator: string;
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Sums over pictures; `add` each picture's maps, then `table`. */
export interface ErrorMeter {
  add(float: ReadonlyMap<TensorId, Float32Array>, integer: ReadonlyMap<MapId, Int8Array>): void;
  table(): LayerError[];
}

/** Compares every map that the integer graph computes; `factors` bring the float maps to the quantised network's scaling. */
export function errorMeter(graph: Graph, integer: IntGraph, factors: Factors): ErrorMeter {
  const totals = integer.nodes.flatMap((node) => {
    const map = integer.maps.get(node.output);
    const source = graph.nodes.find((other) => other.output === node.output);
    return map && source && !makesShares(node)
      ? [{ node: source, map, signal: 0, noise: 0, outside: 0, count: 0 }]
      : [];
  });
  return {
    add(float, quantised) {
      for (const total of totals) {
        const [x, q] = [float.get(total.map.id), quantised.get(total.map.id)];
        if (!x || !q) continue;
        const { scale, zeroPoint } = total.map;
        const factor = factors.get(total.map.id);
        const channels = factor?.length ?? 1;
        const [low, high] = [(-128.5 - zeroPoint) * scale, (127.5 - zeroPoint) * scale];
        for (let i = 0; i < x.length; i++) {
          const value = x[i]!;
          const real = factor ? value * factor[i % channels]! : value;
          const difference = real - scale * (q[i]! - zeroPoint);
          total.signal += real * real;
          total.noise += difference * difference;
          if (real < low || real > high) total.outside++;
        }
        total.count += x.length;
      }
    },
    table: () =>
      totals.map(({ node, map, signal, noise, outside, count }) => ({
        name: node.name,
        operator: node.kind,
        scale: map.scale,
        zeroPoint: map.zeroPoint,
        snrDb: noise === 0 ? null : 10 * Math.log10(Math.max(signal, Number.MIN_VALUE) / noise),
        saturated: count === 0 ? 0 : outside / count,
      })),
  };
}
