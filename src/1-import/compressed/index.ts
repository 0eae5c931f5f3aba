/** Compressed models, told by their first bytes; `firebrick compress` writes them. */
import { CompressedModelError, isCompressedModel, readCompressedModel } from "../../compress/file.ts";
import type { CompressedModel } from "../../compress/file.ts";
import type { Shape } from "../../ir/shapes.ts";
import type { Imported, Importer, ModelFile } from "../importer.ts";

export const compressed: Importer = {
  name: "compressed Firebrick model",
  match: (file) => isCompressedModel(file.bytes),
  read,
};

function read(file: ModelFile): Imported {
  try {
    return described(readCompressedModel(file.bytes));
  } catch (error) {
    if (!(error instanceof CompressedModelError)) throw error;
    const problem = {
      code: "corrupt-file",
      node: file.path,
      found: error.message,
      supported: "a whole compressed model, version 1",
      fix: "write it again with firebrick compress, or copy it again",
    };
    const nothing = { layers: [], tensors: new Map<never, never>(), inputs: [], outputs: [] };
    return { name: file.path, format: "compressed", ...nothing, problems: [problem] };
  }
}

function described({ graph, layers: streams }: CompressedModel): Imported {
  const { name, tensors, inputs, outputs } = graph;
  const shapes = (ids: readonly number[]): Shape[] => ids.map((id) => tensors.get(id)?.shape ?? []);
  const layers = graph.nodes.map((node) => {
    const maps = node.inputs.filter((id) => tensors.get(id)?.data === undefined);
    const stream = streams.get(node.name);
    const nonzero = (code: number) => code !== 0;
    const stored = stream && {
      entries: stream.codes.length,
      nonzeroWeights: stream.codes.filter(nonzero).length,
      codesUsed: new Set(stream.codes).size,
    };
    return {
      name: node.name,
      operator: node.kind,
      inputs: shapes(maps),
      outputs: shapes([node.output]),
      node,
      ...(stored && { stored }),
    };
  });
  return { name, format: "compressed", layers, tensors, inputs, outputs, problems: [], graph };
}
