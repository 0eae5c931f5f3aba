/** The real network as an ONNX file: the same graph as its Deep Compression file makes. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importModel } from "../../src/1-import/index.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import type { Graph, Node } from "../../src/ir/graph.ts";
import { squeezenetFile, squeezenetFolder } from "../support/squeezenet.ts";
import { inspectModel } from "../../src/inspect.ts";

const onnxFile = squeezenetFile("squeezenet_v1.0_dc_float.onnx");

/** A node without its names and ids: attributes, operands' shapes and hashes of their values, and where its maps come from. */
function anonymous(graph: Graph, node: Node) {
  const { name: _, sources: __, inputs, output, ...attributes } = node;
  const operands = inputs.map((id) => {
    const tensor = graph.tensors.get(id);
    const from = graph.nodes.findIndex((other) => other.output === id);
    const values = tensor?.data && createHash("sha256").update(tensor.data).digest("hex");
    return { shape: tensor?.shape, dtype: tensor?.dtype, from, values };
  });
  return { attributes, operands, shape: graph.tensors.get(output)?.shape };
}

describe.runIf(existsSync(squeezenetFolder))("SqueezeNet v1.0 as ONNX", () => {
  it("gives the graph that the Deep Compression file gives, node by node", () => {
    const [compressed, onnx] = [
      importModel(squeezenetFile("compressed_SqueezeNet.net")),
      importModel(onnxFile),
    ];
    const [a, b] = [runPasses(compressed), runPasses(onnx)];
    // The ONNX file has Flatten and Softmax behind what the other one ends with.
    expect(b.nodes.slice(a.nodes.length).map((node) => node.kind)).toEqual(["reshape", "softmax"]);
    for (const [i, node] of a.nodes.entries()) {
      expect(anonymous(b, b.nodes[i]!), node.name).toEqual(anonymous(a, node));
    }
  });

  it("has the same counts", () => {
    expect(inspectModel(onnxFile)).toMatchObject({ parameters: 1248424, problems: [] });
  });
});
