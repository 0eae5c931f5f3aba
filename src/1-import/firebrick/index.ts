/** Saved Firebrick models, told by their first bytes; `firebrick quantize` and `compress` write them. */
import type { Graph } from "../../ir/graph.ts";
import { SavedModelError, isSavedModel, readSavedGraph } from "../../saved/save.ts";
import type { Shape } from "../../ir/shapes.ts";
import type { Imported, Importer, ModelFile } from "../importer.ts";

export const firebrick: Importer = {
  name: "saved Firebrick model",
  match: (file) => file.path.toLowerCase().endsWith(".firebrick") || isSavedModel(file.bytes),
  read,
};

function read(file: ModelFile): Imported {
  try {
    return described(readSavedGraph(file.bytes));
  } catch (error) {
    if (!(error instanceof SavedModelError)) throw error;
    const problem = {
      code: isSavedModel(file.bytes) ? "corrupt-file" : "not-a-model",
      node: file.path,
      found: error.message,
      supported: "a whole saved model, version 1",
      fix: "write it again with firebrick quantize or compress, or copy it again",
    };
    const nothing = { layers: [], tensors: new Map<never, never>(), inputs: [], outputs: [] };
    return { name: file.path, format: "firebrick", ...nothing, problems: [problem] };
  }
}

function described(graph: Graph): Imported {
  const { name, tensors, inputs, outputs } = graph;
  const shapes = (ids: readonly number[]): Shape[] => ids.map((id) => tensors.get(id)?.shape ?? []);
  const layers = graph.nodes.map((node) => {
    const maps = node.inputs.filter((id) => tensors.get(id)?.data === undefined);
    return {
      name: node.name,
      operator: node.kind,
      inputs: shapes(maps),
      outputs: shapes([node.output]),
      node,
    };
  });
  return { name, format: "firebrick", layers, tensors, inputs, outputs, problems: [], graph };
}
