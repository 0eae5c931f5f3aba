import { describe, expect, it } from "vitest";
import { runFloat } from "../../src/3-quantise/float-run.ts";
import type { Node } from "../../src/ir/graph.ts";
import { GraphDraft, noPadding, plainWindow } from "../support/graphs.ts";

/** One node on one map: its output for the given input values. */
function runOne(
  input: { readonly shape: readonly number[]; readonly values: readonly number[] },
  output: readonly number[],
  make: (draft: GraphDraft, map: number) => Omit<Node, "output" | "name" | "sources">,
): number[] {
  const draft = new GraphDraft();
  const map = draft.map("x", input.shape);
  const attributes = make(draft, map);
  const y = draft.map("y", output);
  draft.node({ ...attributes, name: "node", sources: [], output: y } as Node);
  const result = runFloat(draft.graph([map], [y]), Float32Array.from(input.values));
  return Array.from(result.get(y) ?? []);
}

const square = { shape: [1, 3, 3, 1], values: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
const counting = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe("float convolution", () => {
  it("slides a kernel over a padded map with stride 2", () => {
    const padding = { top: 1, left: 1, bottom: 1, right: 1 };
    const result = runOne(square, [1, 2, 2, 1], (draft, map) => ({
      kind: "conv",
      inputs: [map, draft.floats("w", [1, 2, 2, 1], [1, 10, 100, 1000]), draft.floats("b", [1], [0.5])],
      ...{ kernel: [2, 2], stride: [2, 2], dilation: [1, 1], padding, groups: 1, activation: "none" },
    }));
    expect(result).toEqual([1000.5, 3200.5, 7040.5, 9865.5]);
  });

  it("spreads a dilated kernel", () => {
    const result = runOne(square, [1, 1, 1, 1], (draft, map) => ({
      kind: "conv",
      inputs: [map, draft.floats("w", [1, 2, 2, 1], [1, 10, 100, 1000])],
      ...{ kernel: [2, 2], stride: [1, 1], dilation: [2, 2], padding: noPadding, groups: 1 },
      activation: "none",
    }));
    expect(result).toEqual([1 + 30 + 700 + 9000]);
  });

  it("keeps groups apart", () => {
    const input = { shape: [1, 1, 2, 4], values: counting(8) };
    const result = runOne(input, [1, 1, 2, 2], (draft, map) => ({
      kind: "conv",
      inputs: [map, draft.floats("w", [2, 1, 1, 2], [1, 10, 100, 1000])],
      ...{ ...plainWindow, kernel: [1, 1], groups: 2, activation: "none" },
    }));
    expect(result).toEqual([21, 4300, 65, 8700]);
  });

  it("agrees with the definition on more channels than one block and an odd number of pixels", () => {
    const [height, width, channels, outputs] = [5, 5, 3, 6];
    const x = Array.from({ length: height * width * channels }, (_, i) => ((i * 7) % 11) - 5);
    const w = Array.from({ length: outputs * 9 * channels }, (_, i) => ((i * 5) % 13) - 6);
    const input = { shape: [1, height, width, channels], values: x };
    const result = runOne(input, [1, 3, 3, outputs], (draft, map) => ({
      kind: "conv",
      inputs: [map, draft.floats("w", [outputs, 3, 3, channels], w)],
      ...{ ...plainWindow, kernel: [3, 3], groups: 1, activation: "relu" },
    }));
    const expected = Array.from({ length: 9 * outputs }, (_, i) => {
      const [k, ox, oy] = [i % outputs, Math.floor(i / outputs) % 3, Math.floor(i / outputs / 3)];
      let sum = 0;
      for (let t = 0; t < 9 * channels; t++) {
        const [c, kx, ky] = [t % channels, Math.floor(t / channels) % 3, Math.floor(t / channels / 3)];
        sum += (x[((oy + ky) * width + ox + kx) * channels + c] ?? 0) * (w[k * 9 * channels + t] ?? 0);
      }
      return Math.max(0, sum);
    });
    expect(result).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(3);
  });

  it("gives each channel its own kernels in a depthwise layer", () => {
    const input = { shape: [1, 1, 2, 2], values: [1, 2, 3, 4] };
    const padding = { top: 0, left: 0, bottom: 0, right: 1 };
    const result = runOne(input, [1, 1, 2, 4], (draft, map) => ({
      kind: "depthwise",
      inputs: [map, draft.floats("w", [1, 1, 2, 4], [1, 10, 100, 1000, 2, 3, 4, 5])],
      ...{ ...plainWindow, padding, kernel: [1, 2], multiplier: 2, activation: "none" },
    }));
    expect(result).toEqual([1 + 6, 10 + 9, 200 + 16, 2000 + 20, 3, 30, 400, 4000]);
  });

  it("multiplies a flattened map in a dense layer", () => {
    const input = { shape: [1, 1, 2, 2], values: [1, 2, 3, 4] };
    const result = runOne(input, [1, 2], (draft, map) => ({
      kind: "dense",
      inputs: [map, draft.floats("w", [2, 4], [1, 1, 1, 1, 1, -1, 1, -1]), draft.floats("b", [2], [0.25, 0])],
      activation: "relu",
    }));
    expect(result).toEqual([10.25, 0]);
  });
});

describe("float pools", () => {
  const padding = { top: 1, left: 1, bottom: 0, right: 0 };
  const window = { kernel: [2, 2], stride: [2, 2], dilation: [1, 1], padding } as const;
  const average = (countPadding: boolean) =>
    runOne(square, [1, 2, 2, 1], (_, map) => ({
      ...{ kind: "average-pool", inputs: [map], ...window, activation: "none", countPadding },
    }));

  it("divides an average by the positions inside the map, or by all", () => {
    expect(average(false)).toEqual([1, 2.5, 5.5, 7]);
    expect(average(true)).toEqual([0.25, 1.25, 2.75, 7]);
  });

  it("never lets padding win a maximum", () => {
    const input = { shape: [1, 3, 3, 1], values: square.values.map((x) => -x) };
    const result = runOne(input, [1, 2, 2, 1], (_, map) => ({
      ...{ kind: "max-pool", inputs: [map], ...window, activation: "none", countPadding: false },
    }));
    expect(result).toEqual([-1, -2, -4, -5]);
  });

  it("spreads a dilated window", () => {
    const result = runOne(square, [1, 1, 1, 1], (_, map) => ({
      ...{ kind: "average-pool", inputs: [map], activation: "none", countPadding: false },
      ...{ kernel: [2, 2], stride: [1, 1], dilation: [2, 2], padding: noPadding },
    }));
    expect(result).toEqual([5]);
  });

  it("takes the mean of each channel", () => {
    const input = { shape: [1, 2, 1, 2], values: [1, 10, 3, 30] };
    const result = runOne(input, [1, 2], (_, map) => ({ kind: "mean", inputs: [map], keepDims: false }));
    expect(result).toEqual([2, 20]);
  });
});

describe("other float operators", () => {
  const pair = { shape: [1, 1, 2, 2], values: [1, 2, 3, 4] };

  it("stretches the smaller operand of add, sub and mul", () => {
    const two = (kind: "add" | "sub" | "mul", constantFirst: boolean) =>
      runOne(pair, [1, 1, 2, 2], (draft, map) => {
        const constant = draft.floats("c", [2], [10, 20]);
        return { kind, inputs: constantFirst ? [constant, map] : [map, constant], activation: "none" };
      });
    expect(two("add", false)).toEqual([11, 22, 13, 24]);
    expect(two("sub", true)).toEqual([9, 18, 7, 16]);
    expect(two("mul", false)).toEqual([10, 40, 30, 80]);
  });

  it("pads with a value", () => {
    const padding = { top: 0, left: 1, bottom: 1, right: 0 };
    const result = runOne({ shape: [1, 1, 1, 2], values: [1, 2] }, [1, 2, 2, 2], (_, map) => ({
      ...{ kind: "pad", inputs: [map], padding, value: 9 },
    }));
    expect(result).toEqual([9, 9, 1, 2, 9, 9, 9, 9]);
  });

  it("takes parts of a map, repeats pixels, adds channels", () => {
    const map = { shape: [1, 2, 2, 2], values: [1, 2, 3, 4, 5, 6, 7, 8] };
    const slice = { kind: "slice", begin: [0, 0, 1, 0], stride: [1, 1, 1, 1] } as const;
    expect(runOne(map, [1, 2, 1, 2], (_, id) => ({ ...slice, inputs: [id] }))).toEqual([3, 4, 7, 8]);
    const repeat = { kind: "repeat", factor: [1, 2] } as const;
    const rows = [1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6, 7, 8, 7, 8];
    expect(runOne(map, [1, 2, 4, 2], (_, id) => ({ ...repeat, inputs: [id] }))).toEqual(rows);
    const pad = { kind: "pad", padding: { top: 0, left: 0, bottom: 0, right: 0 }, channels: [1, 0] } as const;
    const padded = [0, 1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 8];
    expect(runOne(map, [1, 2, 2, 3], (_, id) => ({ ...pad, inputs: [id] }))).toEqual(padded);
  });

  it("normalises by the squares of the channels around", () => {
    const lrn = { kind: "lrn", size: 3, alpha: 3, beta: 1, bias: 1 } as const;
    const found = runOne({ shape: [1, 1, 1, 4], values: [1, 2, 0, 3] }, [1, 1, 1, 4], (_, id) => ({
      ...{ ...lrn, inputs: [id] },
    }));
    // 1 / (1 + 1 + 4), 2 / (1 + 1 + 4 + 0), 0, 3 / (1 + 0 + 9)
    expect(found).toEqual([1 / 6, 2 / 6, 0, 0.3].map(Math.fround));
  });

  it("concatenates channels and rows", () => {
    const along = (axis: number, shape: readonly number[]) =>
      runOne(pair, shape, (draft, map) => {
        const other = draft.floats("c", [1, 1, 2, 2], [5, 6, 7, 8]);
        return { kind: "concat", inputs: [map, other], axis, activation: "none" };
      });
    expect(along(3, [1, 1, 2, 4])).toEqual([1, 2, 5, 6, 3, 4, 7, 8]);
    expect(along(1, [1, 2, 2, 2])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("clamps, and leaves the input of an activation alone", () => {
    const draft = new GraphDraft();
    const x = draft.map("x", [1, 4]);
    const y = draft.map("y", [1, 4]);
    const z = draft.map("z", [1, 4]);
    draft.node({ kind: "relu6", name: "a", sources: [], inputs: [x], output: y });
    draft.node({ kind: "relu-n1-to-1", name: "b", sources: [], inputs: [x], output: z });
    const result = runFloat(draft.graph([x], [y, z]), Float32Array.of(-3, 0.5, 2, 7));
    expect([x, y, z].map((id) => Array.from(result.get(id) ?? []))).toEqual([
      [-3, 0.5, 2, 7],
      [0, 0.5, 2, 6],
      [-1, 0.5, 1, 1],
    ]);
  });

  it("normalises batches by channel and takes the softmax of the last dimension", () => {
    const normalised = runOne(pair, [1, 1, 2, 2], (draft, map) => ({
      kind: "batch-norm",
      inputs: [map, draft.floats("s", [2], [2, -1]), draft.floats("o", [2], [0.5, 0])],
    }));
    expect(normalised).toEqual([2.5, -2, 6.5, -4]);
    const probabilities = runOne({ shape: [1, 3], values: [0, 0, Math.log(2)] }, [1, 3], (_, map) => ({
      ...{ kind: "softmax", inputs: [map], beta: 1 },
    }));
    expect(probabilities).toEqual([0.25, 0.25, 0.5]);
  });

  it("refuses integer tensors", () => {
    const draft = new GraphDraft();
    const x = draft.map("x", [1, 1]);
    const y = draft.map("y", [1, 1]);
    draft.node({ kind: "dequantize", name: "d", sources: [], inputs: [x], output: y });
    expect(() => runFloat(draft.graph([x], [y]), Float32Array.of(1))).toThrow(/d is a dequantize/);
  });
});
