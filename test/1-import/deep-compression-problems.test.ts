/** What the Deep Compression importer reads out of small files, and what it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { importModel } from "../../src/1-import/index.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { problemsOf } from "../support/problems.ts";
import { runFloat } from "../../src/3-quantise/float-run.ts";

interface Stored {
  readonly codebook: readonly number[];
  readonly bias: readonly number[];
  readonly codes: readonly number[];
  readonly gaps: readonly number[];
}

/** The bytes of a .net. */
function net(...layers: readonly Stored[]): Buffer {
  const word = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const float = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return bytes;
  };
  const parts = layers.map(({ codes }) => word(codes.length));
  for (const { codebook, bias, codes, gaps } of layers) {
    for (let i = 0; i < 256; i++) parts.push(float(codebook[i] ?? 0));
    parts.push(...bias.map(float), Buffer.from(codes));
    for (let i = 0; i < gaps.length; i += 2) parts.push(Buffer.from([gaps[i]! | ((gaps[i + 1] ?? 0) << 4)]));
  }
  return Buffer.concat(parts);
}

const head = (channels: number, size: number) =>
  `name: "small" # a comment\ninput: "data"\ninput_dim: 1 input_dim: ${channels} input_dim: ${size} input_dim: ${size}\n`;
const conv = (fields: string, bottom = "data") =>
  `layer { name: "conv" type: "Convolution" bottom: "${bottom}" top: "conv" convolution_param { ${fields} } }\n`;
const layer = (name: string, type: string, fields = "", bottom = "data") =>
  `layer { name: "${name}" type: "${type}" bottom: "${bottom}" top: "${name}" ${fields} }\n`;

describe("Deep Compression files", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "firebrick-net-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function open(prototxt: string, bytes: Uint8Array): Graph {
    writeFileSync(join(folder, "small.prototxt"), prototxt);
    writeFileSync(join(folder, "small.net"), bytes);
    return importModel(join(folder, "small.net"));
  }
  const problems = (prototxt: string, bytes: Uint8Array = Buffer.from([0])) =>
    problemsOf(() => open(prototxt, bytes));
  const codes = (prototxt: string, bytes?: Uint8Array) => problems(prototxt, bytes).map(({ code }) => code);

  const weights = { codebook: [0, 2, -3], bias: [0.5], codes: [1, 0, 2], gaps: [0, 15, 0] };
  const wide = head(18, 1) + conv("num_output: 1 kernel_size: 1");

  it("add gaps to positions, padding zeros between", () => {
    const graph = open(wide, net(weights));
    const stored = [...graph.tensors.values()].find((tensor) => tensor.name === "conv/weights");
    const wanted = new Float32Array(18);
    wanted[0] = 2;
    wanted[17] = -3;
    expect(stored?.data).toEqual(wanted);
    expect(graph.nodes[0]).toMatchObject({ kind: "conv", name: "conv", groups: 1, sources: [0] });
  });

  it("hold weights as [out, in, kh, kw], the graph as [out, kh, kw, in]", () => {
    const layer = { codebook: [0, 1, 2, 3, 4], bias: [0], codes: [1, 2, 3, 4], gaps: [0, 0, 0, 0] };
    const graph = open(head(2, 3) + conv("num_output: 1 kernel_h: 1 kernel_w: 2"), net(layer));
    const stored = [...graph.tensors.values()].find((tensor) => tensor.name === "conv/weights");
    expect(stored?.shape).toEqual([1, 1, 2, 2]);
    expect(Array.from(stored?.data as Float32Array)).toEqual([1, 3, 2, 4]);
  });

  it("are refused without their .prototxt", () => {
    const path = join(folder, "alone.net");
    writeFileSync(path, net(weights));
    expect(problemsOf(() => importModel(path))[0]).toMatchObject({
      code: "missing-file",
      node: join(folder, "alone.prototxt"),
    });
  });

  it("are refused when cut anywhere, or with bytes left over", () => {
    const bytes = net(weights);
    for (let length = 1; length < bytes.length; length += 7) {
      expect(codes(wide, bytes.subarray(0, length)), `${length} bytes`).toEqual(["corrupt-file"]);
    }
    expect(codes(wide, Buffer.concat([bytes, Buffer.from([0])]))).toEqual(["corrupt-file"]);
  });

  it("are refused when the .prototxt is another network's", () => {
    expect(codes(head(17, 1) + conv("num_output: 1 kernel_size: 1"), net(weights))).toEqual(["corrupt-file"]);
    expect(codes(head(18, 1) + conv("num_output: 2 kernel_size: 1"), net(weights))).toEqual(["corrupt-file"]);
    const twice = wide + layer("more", "Convolution", "convolution_param { num_output: 1 kernel_size: 1 }");
    expect(codes(twice, net(weights))).toEqual(["corrupt-file"]);
  });

  it("are refused from their header where the .prototxt asks for more weights than the entries stand for", () => {
    // 2^28 weights are 1 GiB: nothing of that size may be allocated, so that the largest array is counted.
    let largest = 0;
    const Float32 = globalThis.Float32Array;
    const counting = new Proxy(Float32, {
      construct(target, args: [number], self) {
        largest = Math.max(largest, typeof args[0] === "number" ? args[0] : 0);
        return Reflect.construct(target, args, self) as Float32Array;
      },
    });
    vi.stubGlobal("Float32Array", counting);
    const bomb = net({ codebook: [0], bias: Array<number>(32768).fill(0), codes: [], gaps: [] });
    const wide = head(8192, 1) + conv("num_output: 32768 kernel_size: 1");
    const [problem] = problems(wide, bomb);
    vi.unstubAllGlobals();
    expect(problem).toMatchObject({ code: "corrupt-file", found: "268435456 weights for 0 stored entries" });
    expect(largest).toBeLessThan(1 << 20);
  });

  it("are refused where the .prototxt asks for more weights than can be counted", () => {
    const huge = head(32768, 1) + conv("num_output: 32768 kernel_size: 32768 pad: 32767");
    const [problem] = problems(huge, net(weights));
    expect(problem).toMatchObject({ code: "corrupt-file", found: `${2 ** 60} weights` });
  });

  it("are refused with values that are no numbers", () => {
    expect(codes(wide, net({ ...weights, codebook: [0, NaN] }))).toEqual(["corrupt-file"]);
  });

  it("report all problems of all layers at once", () => {
    const found = problems(
      head(3, 8) +
        conv("num_output: 4 kernel_size: 3 sparsity: 2 stride: 0") +
        layer("relu", "ReLU", "relu_param { negative_slope: 0.1 }", "conv") +
        layer("norm", "LRN", "lrn_param { local_size: 5 }", "relu") +
        layer("pool", "Pooling", "pooling_param { pool: STOCHASTIC kernel_size: 2 }", "norm") +
        layer("cat", "Concat", "concat_param { axis: 2 }", "nowhere"),
    );
    expect(found.map(({ code, node }) => [code, node])).toEqual([
      ["invalid-attribute", "conv"],
      ["unsupported-attribute", "conv"],
      ["unsupported-attribute", "relu"],
      ["unsupported-operator", "norm"],
      ["unsupported-attribute", "pool"],
      ["unsupported-attribute", "cat"],
      ["corrupt-file", "cat"],
    ]);
    expect(found[1]?.found).toMatch(/convolution_param\.sparsity in line 4/);
  });

  it.each([
    ["an unclosed brace", "layer { name: 1"],
    ["a stray character", "name: %"],
    ["a missing value", "name:"],
    ["an unclosed text", 'name: "x'],
    ["nothing but braces", "{".repeat(100)],
  ])("refuse %s", (_, text) => expect(codes(text)).toEqual(["corrupt-file"]));

  it("refuse a network without layers, a batch, and an input without a shape", () => {
    expect(codes("")).toEqual(["empty-network"]);
    const batch = 'input: "data" input_shape { dim: [2, 18, 1, 1] }' + conv("num_output: 1 kernel_size: 1");
    expect(codes(batch, net(weights))).toEqual(["unsupported-batch"]);
    expect(codes('input: "data"' + conv("num_output: 1 kernel_size: 1"))).toEqual(["unsupported-shape"]);
  });

  describe("pools", () => {
    const only = (fields: string, size: number) =>
      open(head(1, size) + layer("pool", "Pooling", `pooling_param { ${fields} }`), Buffer.from([1]));
    const run = (graph: Graph, values: readonly number[]) =>
      Array.from(runFloat(graph, Float32Array.from(values)).get(graph.outputs[0]!) ?? []);

    it("round up: the last window reaches beyond the map", () => {
      const graph = only("pool: MAX kernel_size: 2 stride: 2", 3);
      expect(graph.nodes[0]).toMatchObject({ padding: { top: 0, left: 0, bottom: 1, right: 1 } });
      expect(run(graph, [1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([5, 6, 8, 9]);
    });

    it("round down where round_mode says so", () => {
      const graph = only("pool: MAX kernel_size: 2 stride: 2 round_mode: FLOOR", 3);
      expect(run(graph, [1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([5]);
    });

    it("drop a window that starts in the padding behind the map", () => {
      // 2 + 2 * 1 rows: windows at -1, 1, and rounded up 3, which lies in the padding.
      const graph = only("pool: MAX kernel_size: 2 stride: 2 pad: 1", 2);
      expect(run(graph, [1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
    });

    it("count declared padding in an average, but not what rounding up adds", () => {
      const graph = only("pool: AVE kernel_size: 3 stride: 2 pad: 1", 2);
      // Rows of zeros at -1 and 2; the window at 1 reaches row 3, which does not count.
      expect(run(graph, [9, 9, 9, 9])).toEqual([36 / 9, 18 / 6, 18 / 6, 9 / 4]);
    });

    it("refuse a window that lies outside of the map", () => {
      expect(
        codes(head(1, 2) + layer("pool", "Pooling", "pooling_param { kernel_size: 1 stride: 2 }")),
      ).toEqual(["unsupported-attribute"]);
    });
  });
});
