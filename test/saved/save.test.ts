import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { activationKernel } from "../../src/activations/kernel.ts";
import { compressGraph } from "../../src/compress/compress.ts";
import { readCompressedModel } from "../../src/compress/file.ts";
import type { DType, Graph, Node, Tensor } from "../../src/ir/graph.ts";
import { elements } from "../../src/ir/shapes.ts";
import { SavedModelError, isSavedModel, readSavedGraph, saveGraph } from "../../src/saved/save.ts";
import { GraphDraft, noPadding, plainWindow, whole } from "../support/graphs.ts";

/** One convolution, quantised or not, with everything that a saved model can hold. */
function sample(): Graph {
  const draft = new GraphDraft("int8");
  const x = draft.map("x", [1, 2, 2, 3], whole(0.1, -5));
  const w = draft.int8s("w", [1, 1, 1, 3], [-127, 0, 5]);
  const y = draft.map("y", [1, 2, 2, 1], whole(1 / 3, 7));
  const p = draft.map("p", [1, 2, 3, 1], whole(1 / 3, 7));
  draft.node({
    ...{ kind: "conv", name: "c", sources: [], inputs: [x, w], output: y, groups: 1, activation: "relu6" },
    ...{ ...plainWindow, kernel: [1, 1] },
  });
  const padding = { ...noPadding, right: 1 };
  draft.node({ kind: "pad", name: "d", sources: [], inputs: [y], output: p, padding, value: 7 });
  return {
    ...draft.graph([x], [p]),
    labels: ["a cat, or \u00e9l\u00e9phant"],
    preprocess: { mean: [1.5, 2, 3], std: [1, 1, 1], channelOrder: "bgr", resize: 256 },
    quantisationErrors: [{ name: "c", snrDb: null, saturated: 0.5 }],
  };
}

interface Header {
  readonly tensors: {
    id: number;
    name: string;
    data?: number;
    readonly quantization: { scales: number[]; zeroPoints: number[] };
  }[];
  readonly nodes: { readonly padding: Record<"top", number> }[];
}

/** The file with a changed header and the right checksum. */
function withHeader(bytes: Uint8Array, change: (header: Record<string, unknown>) => void): Buffer {
  const file = Buffer.from(bytes);
  const length = file.readUInt32LE(12);
  const header = JSON.parse(file.toString("utf8", 48, 48 + length)) as Record<string, unknown>;
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, " ");
  json.copy(padded);
  const changed = Buffer.concat([file.subarray(0, 48), padded, file.subarray(48 + length)]);
  changed.writeUInt32LE(padded.length, 12);
  createHash("sha256").update(changed.subarray(48)).digest().copy(changed, 16);
  return changed;
}

const found = (bytes: Uint8Array) => {
  try {
    readSavedGraph(bytes);
  } catch (error) {
    if (error instanceof SavedModelError) return error.message;
    throw error;
  }
  return "sound";
};

type Kind = Node["kind"];
/** What a node of the kind has beside structure: every field, optional ones too, so that a new one has to come here. */
type Fields<K extends Kind> = Omit<
  Required<{ [N in Node as N["kind"]]: N }[K]>,
  "kind" | "name" | "sources" | "inputs" | "output" | "dequantized"
>;

interface Sample<K extends Kind> {
  readonly fields: Fields<K>;
  /** Shape of the map, where it is another. */
  readonly map?: readonly number[];
  /** Shapes of constants behind the map [1, 4, 4, 2], and of the result where it is another. */
  readonly constants?: readonly (readonly number[])[];
  readonly result?: readonly number[];
  readonly type?: DType;
}

const window = { ...plainWindow, kernel: [1, 1] } as const;
const none = { fields: {} };
const pool = { fields: { ...window, activation: "none", countPadding: true } } as const;
const binary = { fields: { activation: "relu" }, constants: [[2]] } as const;
const samples: { readonly [K in Kind]: Sample<K> } = {
  conv: { fields: { ...window, groups: 1, activation: "relu" }, constants: [[2, 1, 1, 2]] },
  depthwise: {
    fields: { ...window, multiplier: 1, activation: "relu6", normalises: true },
    constants: [[1, 1, 1, 2]],
  },
  dense: { fields: { activation: "none", product: "gemm" }, constants: [[5, 32]], result: [1, 5] },
  "average-pool": pool,
  "max-pool": pool,
  mean: { fields: { keepDims: true, axes: [2, 3], reduce: true }, result: [1, 4, 1, 1] },
  add: binary,
  sub: binary,
  mul: binary,
  maximum: binary,
  minimum: binary,
  relu: none,
  relu6: none,
  "relu-n1-to-1": none,
  "relu-0-to-1": none,
  logistic: none,
  tanh: none,
  "hard-swish": none,
  elu: none,
  "leaky-relu": { fields: { alpha: 0.25 } },
  curve: { fields: { curve: { name: "elu", above: 1.5, below: 2, width: 0.5 } } },
  power: { fields: { bias: 1, factor: 0.5, exponent: -0.75 } },
  lrn: { fields: { size: 5, alpha: 1e-4, beta: 0.75, bias: 2 } },
  prelu: { fields: {}, constants: [[2]] },
  identity: none,
  kernel: { fields: { kernel: activationKernel("sigmoid") } },
  pad: {
    fields: { padding: { ...noPadding, right: 1 }, channels: [0, 1], value: 0.5 },
    result: [1, 4, 5, 3],
  },
  slice: { fields: { begin: [0, 1, 0, 1], stride: [1, 2, 1, 1] }, result: [1, 2, 4, 1] },
  repeat: { fields: { factor: [2, 1] }, result: [1, 8, 4, 2] },
  "resize-bilinear": { fields: { alignment: "half-pixel" }, result: [1, 8, 6, 2] },
  transpose: { fields: { perm: [0, 3, 1, 2] }, result: [1, 2, 4, 4] },
  interleave: { fields: { factor: [2, 1] }, constants: [[1, 4, 4, 2]], result: [1, 8, 4, 2] },
  concat: {
    fields: { axis: 3, order: [2, 0, 1], activation: "none" },
    constants: [[1, 4, 4, 1]],
    result: [1, 4, 4, 3],
  },
  reshape: { fields: { flatten: true }, result: [1, 32] },
  softmax: { fields: { beta: 2, axes: [1, 2] } },
  "log-softmax": { fields: { axes: [2] } },
  "l2-normalization": none,
  "arg-max": { fields: { axis: 3, last: true }, result: [1, 4, 4] },
  "arg-min": { fields: { axis: 1, last: true }, result: [1, 1, 4, 2] },
  cast: none,
  detection: {
    fields: {
      result: "scores",
      rule: {
        ...{ detections: 3, classesPerDetection: 2, detectionsPerClass: 5, isRegular: true },
        ...{ scoreThreshold: 0, overlapThreshold: 0.5, classes: 2, scales: [10, 10, 5, 5] },
      },
    },
    map: [1, 7, 4],
    constants: [
      [1, 7, 3],
      [7, 4],
    ],
    result: [1, 6],
  },
  quantize: { ...none, type: "int8" },
  dequantize: none,
  "batch-norm": { fields: {}, constants: [[2], [2]] },
};

/** A graph of one node of the kind with all that the node, its tensors and the graph can have. */
function graphOf(kind: Kind): Required<Graph> {
  const own = samples[kind] as Sample<Kind>;
  const { fields, constants = [], map = [1, 4, 4, 2], result = [1, 4, 4, 2], type = "float32" } = own;
  const draft = new GraphDraft();
  const x = draft.map("x", map);
  const operands = constants.map((shape, i) => {
    const count = shape.reduce((a, b) => a * b, 1);
    return draft.floats(`c${i}`, shape, Array<number>(count).fill(i + 0.5));
  });
  const y = draft.map("y", result, whole(0.5, 3), type);
  const [tensor] = draft.tensors.values();
  const whatOnnxKnows: Pick<Required<Tensor>, "pair" | "rounded"> = {
    pair: true,
    rounded: new Float32Array(elements(map)),
  };
  draft.tensors.set(x, { ...tensor!, ...whatOnnxKnows });
  const node = {
    kind,
    name: "n",
    sources: [],
    inputs: [x, ...operands],
    output: y,
    dequantized: true,
    ...fields,
  };
  draft.node(node as unknown as Node);
  const { shape } = draft.tensors.get(x)!;
  const mean = Array.from({ length: shape.at(-1)! }, (_, channel) => channel);
  const preprocess = { mean, std: [1], channelOrder: "rgb", resize: 8 } as const;
  const quantisationErrors = [{ name: "n", snrDb: 1, saturated: 0 }];
  const axes = [0, 3, 1, 2] as const;
  const ends = {
    inputAxes: draft.tensors
      .get(x)!
      .shape.map((_, axis) => axis)
      .toReversed(),
    outputOrders: [{ shape: [1, 1, 1, elements(draft.tensors.get(y)!.shape)], axes }],
    floatInputs: [0],
    floatOutputs: [0],
  } as const;
  return {
    ...draft.graph([x], [y]),
    ...ends,
    labels: [],
    preprocess,
    quantisationErrors,
    arithmetic: "onnx",
  };
}

describe("saved models", () => {
  it.each(Object.keys(samples) as Kind[])(
    "hold a node of kind %s with everything that it can have",
    (kind) => {
      const graph = graphOf(kind);
      expect(readSavedGraph(saveGraph(graph))).toEqual(graph);
      const { file } = compressGraph(graph, { bits: 8, density: () => undefined });
      expect(readCompressedModel(file).graph).toEqual(graph);
    },
  );

  it("hold the whole graph", () => {
    const graph = sample();
    expect(readSavedGraph(saveGraph(graph))).toEqual(graph);
  });

  it("hold float graphs bit for bit, at any place in memory", () => {
    const draft = new GraphDraft();
    const x = draft.map("x", [1, 1, 1, 3]);
    const s = draft.floats("s", [3], [0.1, -0, 1e-40]);
    const y = draft.map("y", [1, 1, 1, 3]);
    draft.node({ kind: "mul", name: "m", sources: [], inputs: [x, s], output: y, activation: "none" });
    const bytes = saveGraph(draft.graph([x], [y]));
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(readSavedGraph(shifted.subarray(1)).tensors.get(s)?.data).toEqual(Float32Array.of(0.1, -0, 1e-40));
  });

  it("are the same bytes for the same graph, whatever the order of keys and tensors", () => {
    const graph = sample();
    const turned: Graph = {
      ...graph,
      tensors: new Map([...graph.tensors].reverse()),
      nodes: graph.nodes.map((node) => ({ ...Object.fromEntries(Object.entries(node).reverse()), ...node })),
    };
    expect(Buffer.from(saveGraph(turned)).equals(saveGraph(graph))).toBe(true);
    expect(isSavedModel(saveGraph(graph))).toBe(true);
  });

  it("tell what is wrong with a file", () => {
    const bytes = saveGraph(sample());
    const flipped = bytes.slice();
    flipped[bytes.length - 5]! ^= 1;
    const newer = bytes.slice();
    newer[8] = 2;
    expect(found(bytes.slice(0, bytes.length - 1))).toMatch(/checksum/);
    expect(found(flipped)).toMatch(/checksum/);
    expect(found(newer)).toBe("version 2 of the format");
    expect(found(bytes.slice(0, 20))).toMatch(/20 bytes/);
    expect(found(Uint8Array.of(1, 2, 3))).toMatch(/mark/);
    const wrongKind = withHeader(bytes, (h) => (h["nodes"] = [{ kind: "magic" }]));
    expect(found(wrongKind)).toMatch(/a header with .* at nodes\.0/);
    expect(found(withHeader(bytes, (h) => (h["outputs"] = [99])))).toMatch(/output 99 is never written/);
    const tensors = [{ id: 1, name: "w", shape: [1e9], dtype: "int8", data: 0 }];
    expect(found(withHeader(bytes, (h) => (h["tensors"] = tensors)))).toMatch(/a constant w beyond its end/);
    expect(found(withHeader(bytes, () => undefined))).toBe("sound");
  });

  it.each<[string, (header: Header) => void]>([
    ["x has scale -2", (h) => (h.tensors[0]!.quantization.scales = [-2])],
    [
      "w has zero point 1000, outside of -128 to 127",
      (h) => (h.tensors[1]!.quantization.zeroPoints = [1000]),
    ],
    ["x has 2 scales and 1 zero points along axis 0 of", (h) => (h.tensors[0]!.quantization.scales = [1, 1])],
    ["c reads w before it is written", (h) => delete h.tensors[1]!.data],
    ["left is neither stored nor written", (h) => h.tensors.push({ ...h.tensors[0]!, id: 9, name: "left" })],
    ["Too small: expected number to be >=0 at nodes.1.padding.top", (h) => (h.nodes[1]!.padding.top = -1)],
  ])("are refused where %s", (message, change) => {
    expect(found(withHeader(saveGraph(sample()), change as (header: object) => void))).toContain(message);
  });
});
