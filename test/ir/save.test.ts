import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Graph } from "../../src/ir/graph.ts";
import { SavedModelError, isSavedModel, readSavedGraph, saveGraph } from "../../src/ir/save.ts";
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

describe("saved models", () => {
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
});
