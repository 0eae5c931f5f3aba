/** Deep Compression: `NAME.net` with the network's description in `NAME.prototxt` beside it. */
import type { Problem } from "../../ir/errors.ts";
import { readText } from "../../platform/files.ts";
import { basename } from "../../platform/paths.ts";
import type { Imported, Importer, ModelFile } from "../importer.ts";
import { importDeepCompression } from "./import.ts";
import { TextFormatError } from "./text-format.ts";

export const deepCompression: Importer = {
  name: "Deep Compression .net",
  match: (file) => /\.net$/i.test(file.path),
  read,
};

function read(file: ModelFile): Imported {
  const name = basename(file.path).replace(/\.net$/i, "");
  const description = file.path.replace(/\.net$/i, ".prototxt");
  const nothing = (problem: Problem): Imported => {
    const empty = { layers: [], tensors: new Map<never, never>(), inputs: [], outputs: [] };
    return { name, format: "deep-compression", ...empty, problems: [problem] };
  };
  let text: string;
  try {
    text = readText(description);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const supported = "the network's description beside the .net, of the same name";
    const fix = "put the .prototxt there";
    return nothing({ code: "missing-file", node: description, found: reason, supported, fix });
  }
  try {
    return importDeepCompression(basename(file.path), name, text, file.bytes);
  } catch (error) {
    if (!(error instanceof TextFormatError)) throw error;
    const supported = "protocol buffers' text format";
    const fix = "download the .prototxt again";
    return nothing({ code: "corrupt-file", node: description, found: error.message, supported, fix });
  }
}
