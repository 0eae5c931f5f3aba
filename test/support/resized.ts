/** A bilinear resize in the middle of a network. */
import type { IntGraph } from "../../src/ir/integer.ts";
import type { Alignment } from "../../src/ir/linear.ts";
import { integers, intGraph, intMap } from "../golden/helpers.ts";

/** Rows and columns. */
export type Sides = readonly [number, number];

/** A resize in front of a layer that copies, so that the accelerator has to compute it. */
export function resized(
  from: Sides,
  to: Sides,
  alignment: Alignment,
  dtype: "int8" | "uint8" = "int8",
  rounding?: IntGraph["rounding"],
): IntGraph {
  const map = (id: number, [height, width]: Sides) =>
    intMap({ id, name: `m${id}`, height, width, channels: 3, scale: 0.5, zeroPoint: -3, dtype });
  const base = (name: string, input: number, output: number, macs: number) => ({
    ...{ name, sources: [output - 1], inputs: [input], output, macs },
  });
  const none = { top: 0, left: 0, bottom: 0, right: 0 };
  const each = (value: number) => new Int32Array(3).fill(value);
  const graph = intGraph(
    [map(0, from), map(1, to), map(2, to)],
    [
      { kind: "resize-bilinear", ...base("resize", 0, 1, 0), alignment },
      {
        ...{ kind: "depthwise", ...base("copy", 1, 2, 1), multiplier: 1, padding: none },
        ...{ kernel: [1, 1], stride: [1, 1], dilation: [1, 1], weights: new Int16Array(3).fill(1) },
        ...{ weightZeroPoint: 0, bias: each(3) },
        requantize: { multiplier: each(2 ** 30), exponent: each(1), min: -128, max: 127 },
      },
    ],
  );
  return rounding ? { ...graph, rounding } : graph;
}

/** Values of the input. */
export function valuesOf(graph: IntGraph, seed: number): Int8Array {
  const { height, width, channels } = graph.maps.get(graph.input)!;
  const draw = integers(seed);
  return Int8Array.from({ length: height * width * channels }, () => draw(-128, 127));
}
