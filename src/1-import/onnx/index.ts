/** ONNX: `.onnx` files of operator set 7 or newer. */
import type { Problem } from "../../ir/errors.ts";
import { basename } from "../../platform/paths.ts";
import type { Imported, Importer, ModelFile } from "../importer.ts";
import { ExternalFiles } from "./external.ts";
import { DecodeError, readOnnxFile } from "./file.ts";
import type { OnnxFile } from "./file.ts";
import { importOnnx } from "./import.ts";
import { cutFile } from "./until.ts";

export const onnx: Importer = {
  name: "onnx",
  match: (file) => /\.onnx$/i.test(file.path),
  read,
  cutsFile: true,
};

function read(file: ModelFile, until: readonly string[] = []): Imported {
  const name = basename(file.path).replace(/\.onnx$/i, "");
  const nothing = (code: string, found: string): Imported => {
    const [supported, fix] = ["a whole .onnx file", "download or export the file again"];
    const problem: Problem = { code, node: file.path, found, supported, fix };
    const empty = { layers: [], tensors: new Map<never, never>(), inputs: [], outputs: [] };
    return { name, format: "onnx", ...empty, problems: [problem] };
  };
  let model: OnnxFile;
  try {
    model = readOnnxFile(file.bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return nothing("corrupt-file", error.message);
  }
  if (!model.graph) return nothing("not-a-model", "a file without a graph");
  const graph = until.length === 0 ? model.graph : cutFile(model.graph, until);
  return importOnnx(name, model, graph, new ExternalFiles(file.path));
}
