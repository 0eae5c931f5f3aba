import { expect, it } from "vitest";
import { withSplitDilations } from "../../src/4-schedule/split-dilated.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { windowOutput } from "../../src/ir/shapes.ts";
import { verifyIntegerGraph } from "../../src/ir/verify-integer.ts";
import { integers, intGraph, intMap } from "../golden/helpers.ts";

type Pair = readonly [number, number];

interface Case {
  readonly size: Pair;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: {
    readonly top: number;
    readonly left: number;
    readonly bottom: number;
    readonly right: number;
  };
}

function pooled(kind: "average-pool" | "max-pool", { size, padding, ...window }: Case): IntGraph {
  const { dilation, kernel, stride } = window;
  const made = (axis: 0 | 1, pads: number) =>
    windowOutput(size[axis], pads, kernel[axis], stride[axis], dilation[axis]);
  const [height, width] = [made(0, padding.top + padding.bottom), made(1, padding.left + padding.right)];
  const map = (id: number, sides: Pair) =>
    intMap({
      ...{ id, name: `m${id}`, height: sides[0], width: sides[1] },
      channels: 2,
      scale: 0.5,
      zeroPoint: 3,
    });
  const base = { name: "pool", sources: [0], inputs: [0], output: 1, macs: 0, min: -128, max: 127 };
  return intGraph([map(0, size), map(1, [height, width])], [{ kind, ...base, ...window, padding }]);
}

/** The largest value, or the mean, half away from zero, of the taps that lie on the map. */
function reference(kind: "average-pool" | "max-pool", one: Case, values: Int8Array, [rows, columns]: Pair) {
  const [height, width] = one.size;
  return Int8Array.from({ length: rows * columns * 2 }, (_, i) => {
    const [oy, ox, c] = [Math.floor(i / (2 * columns)), Math.floor(i / 2) % columns, i % 2];
    const taps: number[] = [];
    for (let ky = 0; ky < one.kernel[0]; ky++)
      for (let kx = 0; kx < one.kernel[1]; kx++) {
        const y = oy * one.stride[0] + ky * one.dilation[0] - one.padding.top;
        const x = ox * one.stride[1] + kx * one.dilation[1] - one.padding.left;
        if (y >= 0 && y < height && x >= 0 && x < width) taps.push(values[(y * width + x) * 2 + c]!);
      }
    if (kind === "max-pool") return Math.max(...taps);
    const mean = taps.reduce((sum, tap) => sum + tap, 0) / taps.length;
    return Math.sign(mean) * Math.floor(Math.abs(mean) + 0.5);
  });
}

it.each(["max-pool", "average-pool"] as const)("a dilated %s is pools woven together", (kind) => {
  const draw = integers(41);
  for (let i = 0; i < 150; i++) {
    const pair = (low: number, high: number): Pair => [draw(low, high), draw(low, high)];
    const [kernel, stride, dilation, size] = [pair(1, 3), pair(1, 3), pair(1, 4), pair(9, 14)];
    // less padding than a dilation, so that each window meets the map
    const pad = (axis: 0 | 1) => draw(0, Math.min(dilation[axis] - 1, (kernel[axis] - 1) * dilation[axis]));
    const padding = { top: pad(0), bottom: pad(0), left: pad(1), right: pad(1) };
    const one = { size, kernel, stride, dilation, padding };
    const graph = pooled(kind, one);
    const { height, width } = graph.maps.get(1)!;
    const values = Int8Array.from({ length: 2 * size[0] * size[1] }, () => draw(-128, 127));
    const wanted = reference(kind, one, values, [height, width]);
    expect(runGolden(graph, values).maps.get(1)).toEqual(wanted);
    const split = withSplitDilations(graph);
    verifyIntegerGraph(split);
    expect(split.nodes.every((node) => !("dilation" in node))).toBe(true);
    expect(runGolden(split, values).maps.get(1)).toEqual(wanted);
  }
});
