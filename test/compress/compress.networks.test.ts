import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importModel, readModel } from "../../src/1-import/index.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { compressGraph } from "../../src/compress/compress.ts";
import type { Compressed } from "../../src/compress/compress.ts";
import { CompressedModelError, readCompressedModel } from "../../src/compress/file.ts";
import { compressLayer, decompressLayer } from "../../src/compress/layer.ts";
import { readMagnitudes, readWeights, weightTensors, withWeights } from "../../src/compress/weights.ts";
import { logitsOf } from "../../src/golden/logits.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import { saveGraph } from "../../src/saved/save.ts";
import { withSeededWeights, zoo } from "../../src/zoo/index.ts";
import { seededPicture } from "../../src/zoo/seeded/random.ts";
import { problemsOf } from "../support/problems.ts";
import { squeezenetFile, squeezenetFolder } from "../support/squeezenet.ts";

const folder = mkdtempSync(join(tmpdir(), "firebrick-compress-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The graph that a file of these bytes is imported as. */
function imported(bytes: Uint8Array): Graph {
  const path = join(folder, "model");
  writeFileSync(path, bytes);
  return importModel(path);
}

/** Whether two graphs are equal, constants included. */
const same = (a: Graph, b: Graph) => Buffer.from(saveGraph(a)).equals(saveGraph(b));

const all = () => undefined;
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe.runIf(existsSync(squeezenetFolder))("the trained SqueezeNet of Deep Compression", () => {
  let graph: Graph;
  let eight: Compressed;
  beforeAll(() => {
    graph = importModel(squeezenetFile("compressed_SqueezeNet.net"));
    eight = compressGraph(graph, { bits: 8, density: all });
  });

  it("loses nothing at 8 bits: 422,083 entries as in its own file, 0.66 MB without and 0.56 MB with Huffman", () => {
    const { file, layers, graph: result } = eight;
    expect(same(result, graph)).toBe(true);
    expect(same(imported(file), graph)).toBe(true);
    expect(sum(layers.map((layer) => layer.storedEntries))).toBe(422_083);
    expect(sum(layers.map((layer) => layer.nonzeroWeights))).toBe(415_921);
    expect(layers.every(({ snrDb }) => snrDb === null)).toBe(true);
    // The file that it came from, but for the 26 numbers of entries in front: the paper's 0.66 MB are 660 KiB.
    const own = readFileSync(squeezenetFile("compressed_SqueezeNet.net")).length;
    expect(sum(layers.map((layer) => layer.fixedBytes)) + 4 * 26).toBe(own);
    expect(Math.round(own / 1024)).toBe(660);
    expect(file.length).toBeGreaterThan(555_000);
    expect(file.length).toBeLessThan(565_000);
  });

  it("takes 0.45 MB at 6 bits, with an error 30 dB or more below the weights of every layer", () => {
    const { file, layers, graph: result } = compressGraph(graph, { bits: 6, density: all });
    expect(same(imported(file), result)).toBe(true);
    expect(same(result, graph)).toBe(false);
    expect(sum(layers.map((layer) => layer.storedEntries))).toBe(422_083);
    expect(Math.max(...layers.map(({ codes }) => codes))).toBe(63);
    expect(file.length).toBeGreaterThan(445_000);
    expect(file.length).toBeLessThan(449_000);
    for (const { name, snrDb } of layers) expect(snrDb, name).toBeGreaterThan(29.9);
  });

  it("is shown by inspect with entries, weights and codes of every layer", () => {
    const path = join(folder, "eight.firebrick");
    writeFileSync(path, eight.file);
    const { format, layers } = readModel(path);
    const own = readModel(squeezenetFile("compressed_SqueezeNet.net"));
    expect(format).toBe("compressed");
    const stored = (list: typeof layers) => list.flatMap((layer) => layer.stored ?? []);
    const counts = ({ entries, nonzeroWeights }: { entries: number; nonzeroWeights: number }) => [
      entries,
      nonzeroWeights,
    ];
    expect(stored(layers).map(counts)).toEqual(stored(own.layers).map(counts));
  });
});

describe("SqueezeNet of the zoo, pruned as in table 1 of the paper", () => {
  const third = [2, 3, 4, 5, 6, 7].map((i) => [`fire${i}/expand3x3`, 0.33] as const);
  const densities = new Map<string, number>([
    ...third,
    ...["fire6/expand1x1", "fire7/squeeze1x1", "fire8/expand1x1", "fire9/squeeze1x1"].map(
      (name) => [name, 0.5] as const,
    ),
    // The table prints 33 % for fire8, but its 77,581 parameters are 30 %, as in the trained file.
    ...[["fire8/expand3x3", 0.3] as const, ["fire9/expand3x3", 0.3] as const, ["conv10", 0.2] as const],
  ]);
  let compressed: Compressed;
  beforeAll(() => {
    const density = (name: string) => densities.get(name);
    compressed = compressGraph(zoo("squeezenet-1.0-64"), { bits: 6, density });
  });

  it("has the parameters after pruning that the table prints", () => {
    const after = (prefix: string) =>
      sum(
        compressed.layers
          .filter(({ name }) => name === prefix || name.startsWith(`${prefix}/`))
          .map(({ name, weights, biases }) => Math.round(weights * (densities.get(name) ?? 1)) + biases),
      );
    for (const [row, printed] of [
      ["conv1", 14_208],
      ["fire2", 5_746],
      ["fire3", 6_258],
      ["fire4", 20_646],
      ["fire5", 24_742],
      ["fire6", 44_700],
      ["fire7", 46_236],
      ["fire8", 77_581],
      ["fire9", 77_581],
      ["conv10", 103_400],
    ] as const) {
      expect(Math.abs(after(row) - printed), row).toBeLessThanOrEqual(1);
    }
    const total = sum(compressed.layers.map(({ name }) => name).map(after));
    expect(Math.abs(total - 421_098)).toBeLessThanOrEqual(5);
  });

  it("keeps no more weights than that, and the largest ones", () => {
    for (const { name, weights, nonzeroWeights } of compressed.layers) {
      const most = Math.round(weights * (densities.get(name) ?? 1));
      expect(nonzeroWeights, name).toBeLessThanOrEqual(most);
      // Seeded integers are 0 here and there, and codes that round to 0 drop a few more.
      expect(nonzeroWeights, name).toBeGreaterThan(0.9 * most);
    }
  });

  it("is still an int8 network, which the golden model runs as read from its file", () => {
    const run = (graph: Graph) => {
      const integers = lower(runPasses(graph));
      return logitsOf(runGolden(integers, seededPicture(64, 64, 3, 4711)));
    };
    const logits = run(imported(compressed.file));
    expect(logits).toEqual(run(compressed.graph));
    expect(new Set(logits).size).toBeGreaterThan(20);
  });
});

/** Convolutions and a depthwise one, with seeded weights of int8. */
function smallGraph(): Graph {
  const b = buildNetwork("small", { height: 16, width: 16, channels: 3 });
  const first = b.conv("first", b.input, 16, { kernel: 3, stride: 2, activation: "relu6" });
  const expanded = b.conv("block/expand", first, 96, { kernel: 1, activation: "relu6" });
  const deep = b.depthwise("block/depthwise", expanded, { kernel: 3, activation: "relu6" });
  b.softmax("scores", b.conv("classes", b.globalAverage("average", deep), 10, { kernel: 1 }));
  return withSeededWeights(b.finish());
}

describe("weights of every kind", () => {
  let graph: Graph;
  beforeAll(() => {
    graph = smallGraph();
  });

  it("come back at 8 bits, depthwise ones too", () => {
    const { file, layers } = compressGraph(graph, { bits: 8, density: all });
    expect(layers.length).toBe(weightTensors(graph).length);
    expect(layers.length).toBe(
      graph.nodes.filter(({ kind }) => kind === "conv" || kind === "depthwise").length,
    );
    expect(layers.some(({ name }) => name.endsWith("/depthwise"))).toBe(true);
    expect(same(imported(file), graph)).toBe(true);
  });

  it("are pruned by their real size, integers times the scale of their channel", () => {
    const name = "block/expand";
    const { graph: pruned } = compressGraph(graph, {
      bits: 8,
      density: (l) => (l === name ? 0.25 : undefined),
    });
    const real = (from: Graph) => {
      const { tensor } = weightTensors(from).find(({ node }) => node.name === name)!;
      const depth = tensor.shape[3]!;
      return Array.from(tensor.data as Int8Array, (v, i) => {
        return Math.abs(v) * tensor.quantization!.scales[Math.floor(i / depth)]!;
      });
    };
    const [before, after] = [real(graph), real(pruned)];
    const kept = after.filter((v) => v > 0);
    expect(kept.length).toBe(Math.round(before.length / 4));
    const dropped = before.filter((_, i) => after[i] === 0);
    expect(Math.min(...kept)).toBeGreaterThanOrEqual(Math.max(...dropped));
  });

  it("of a uint8 network keep their zero point", () => {
    const { node, tensor, biases } = weightTensors(graph)[0]!;
    const quantization = { scales: [0.5], zeroPoints: [120], axis: 0 };
    const data = Uint8Array.from(tensor.data as Int8Array, (v) => v + 120);
    const unsigned = { node, biases, tensor: { ...tensor, dtype: "uint8" as const, data, quantization } };
    const values = readWeights(unsigned);
    // [out, kh, kw, in] -> [out, in, kh, kw]: the second value is the second column's
    expect([values[0], values[1]]).toEqual([data[0]! - 120, data[3]! - 120]);
    expect(readMagnitudes(unsigned)[1]).toBe(Math.abs(data[3]! - 120) / 2);
    const layer = compressLayer(values, 8, true);
    expect(withWeights(unsigned, decompressLayer(layer)!).data).toEqual(data);
  });

  it("stay in the rest of the network where zero points differ between channels", () => {
    const { tensor } = weightTensors(graph)[0]!;
    const { scales, axis } = tensor.quantization!;
    const quantization = { scales, zeroPoints: scales.map((_, k) => k % 2), axis };
    const tensors = new Map(graph.tensors).set(tensor.id, { ...tensor, quantization });
    const odd = { ...graph, tensors };
    const { layers, file } = compressGraph(odd, { bits: 2, density: all });
    expect(layers.map(({ name }) => name)).not.toContain("first");
    expect(imported(file).tensors.get(tensor.id)?.data).toEqual(tensor.data);
  });
});

describe("a compressed model's file", () => {
  let file: Uint8Array;
  beforeAll(() => {
    ({ file } = compressGraph(smallGraph(), { bits: 4, density: () => 0.5 }));
  });

  it("is refused when it is cut, changed or of another version", () => {
    const found = (change: (bytes: Uint8Array) => Uint8Array) => {
      writeFileSync(join(folder, "damaged"), change(Uint8Array.from(file)));
      return problemsOf(() => importModel(join(folder, "damaged"))).map(({ code, found: what }) => [
        code,
        what,
      ]);
    };
    expect(found((bytes) => bytes.subarray(0, 20))).toEqual([
      ["corrupt-file", "20 bytes, less than its own head"],
    ]);
    expect(found((bytes) => bytes.subarray(0, bytes.length - 1))[0]?.[1]).toMatch(/checksum/);
    expect(found((bytes) => bytes.with(100, bytes[100]! ^ 1))[0]?.[1]).toMatch(/checksum/);
    expect(found((bytes) => bytes.with(8, 2))[0]?.[1]).toBe("version 2 of the format");
  });

  it("is refused where it would unpack to more than its streams can fill, before it has", () => {
    const rest = brotliCompressSync(Buffer.alloc(100e6), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    const bomb = Buffer.concat([file.subarray(0, 48), rest]);
    bomb.writeUInt32LE(rest.length, 12);
    createHash("sha256").update(bomb.subarray(48)).digest().copy(bomb, 16);
    expect(bomb.length).toBeLessThan(100_000);
    const most = 2 ** 24 + 64 * rest.length + 4 * 2 ** 24;
    expect(() => readCompressedModel(bomb)).toThrow(`unpacks to more than the ${most} bytes`);
  });

  it("says what is wrong without an importer", () => {
    expect(() => readCompressedModel(Uint8Array.of(1, 2, 3))).toThrow(CompressedModelError);
  });
});
