/** TensorFlow Lite: `.tflite` files, schema version 3. */
import type { Problem } from "../../ir/errors.ts";
import { CorruptFileError } from "../flatbuffer.ts";
import { basename } from "../../platform/paths.ts";
import type { Imported, Importer, ModelFile } from "../importer.ts";
import { readTfliteFile } from "./file.ts";
import { importTflite, nothingOf } from "./import.ts";
import { FILE_IDENTIFIER } from "./schema.ts";
import { cutFile } from "./until.ts";

export const tflite: Importer = {
  name: "tflite",
  match: (file) => file.path.toLowerCase().endsWith(".tflite") || hasIdentifier(file.bytes),
  read,
  cutsFile: true,
};

function hasIdentifier(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(4, 8)) === FILE_IDENTIFIER;
}

function read(file: ModelFile, until: readonly string[] = []): Imported {
  const name = basename(file.path).replace(/\.tflite$/i, "");
  const nothing = nothingOf(name);
  if (!hasIdentifier(file.bytes)) {
    const found = "a file without the TFLite mark in bytes 4 to 7";
    return { ...nothing, problems: [unreadable(file.path, "not-a-model", found)] };
  }
  try {
    const whole = readTfliteFile(file.bytes);
    return importTflite(name, until.length === 0 ? whole : cutFile(whole, until));
  } catch (error) {
    if (!(error instanceof CorruptFileError)) throw error;
    return { ...nothing, problems: [unreadable(file.path, "corrupt-file", error.message)] };
  }
}

function unreadable(node: string, code: string, found: string): Problem {
  return { code, node, found, supported: "a whole .tflite file", fix: "download or convert the file again" };
}
