/** Model files in the formats of others. */
import { readFileSync } from "node:fs";
import { modelType } from "../../../../src/1-import/onnx/schema.ts";
import { openWith } from "../../../../src/1-import/importer.ts";
import { onnx } from "../../../../src/1-import/onnx/index.ts";
import { runPasses } from "../../../../src/2-passes/pipeline.ts";
import { compressGraph } from "../../../../src/compress/compress.ts";
import { writeNet, type NetLayer } from "../../../../src/compress/net.ts";
import { writePrototxt } from "../../../../src/compress/prototxt.ts";
import { picturesModelPath } from "../../../../src/zoo/pictures/files.ts";
import { writeTflite, type TfliteModel } from "../../../../src/zoo/tflite-writer.ts";
import { readModelFile } from "../model.ts";
import { alone, bytesOf, textOf, treeOf, type Content, type Reader, type Seed } from "../reader.ts";
import type { Tree } from "../tree.ts";
import { floatOnnx, onnxFiles, tfliteBranches, tfliteClassifier, type TfliteNetwork } from "./networks.ts";

export const tfliteReader: Reader = {
  name: "TFLite",
  share: 20,
  seeds: () => {
    const networks = [
      tfliteClassifier("int8"),
      tfliteClassifier("uint8"),
      tfliteClassifier("float32"),
      tfliteBranches("int8"),
      tfliteBranches("uint8"),
    ];
    const pictures = bytesOf(readFileSync(picturesModelPath()));
    return Promise.resolve(
      [...networks.map(tfliteContent), pictures].map((content) => alone("net.tflite", content)),
    );
  },
  read: readModelFile,
};

function tfliteContent({ draft, inputs, outputs }: TfliteNetwork): Content {
  const { operators, tensors } = draft;
  return treeOf({ description: "test", tensors, operators, inputs, outputs }, (tree) => {
    const model = tree as unknown as TfliteModel;
    const slots = model.operators.flatMap(({ options }) => options.map(({ slot }) => slot));
    // The writer would make room for all slots before.
    if (!slots.every((slot) => slot >= 0 && slot < MOST_SLOTS)) throw new Error("no such slot");
    return writeTflite(model);
  });
}

const MOST_SLOTS = 64;

export const onnxReader: Reader = {
  name: "ONNX",
  share: 20,
  seeds: () => {
    const type = modelType();
    const write = (tree: Tree) => type.encode(type.fromObject(tree as object)).finish();
    return Promise.resolve(
      onnxFiles().map((bytes) =>
        alone("net.onnx", treeOf(type.toObject(type.decode(bytes), { longs: Number }), write)),
      ),
    );
  },
  read: readModelFile,
};

export const netReader: Reader = {
  name: "Deep Compression",
  share: 10,
  seeds: () => Promise.resolve([{ ...deepCompression(), damage: "net.net" }]),
  read: readModelFile,
};

export const prototxtReader: Reader = {
  name: "prototxt",
  share: 10,
  seeds: () => Promise.resolve([{ ...deepCompression(), damage: "net.prototxt" }]),
  read: readModelFile,
};

function deepCompression(): Seed {
  const graph = runPasses(openWith(onnx, { path: "net.onnx", bytes: floatOnnx().write(["mean"]) }));
  const { stored } = compressGraph(graph, { bits: 4, density: () => 0.5 });
  return {
    files: [
      { name: "net.net", content: treeOf(stored, (tree) => writeNet(tree as unknown as NetLayer[])) },
      { name: "net.prototxt", content: textOf(writePrototxt(graph)) },
    ],
  };
}
