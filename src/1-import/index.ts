/** Model files -> graphs. To add a format: an importer in its own folder, and its line in `IMPORTERS`. */
import { InputError } from "../ir/errors.ts";
import type { Graph } from "../ir/graph.ts";
import { kindOf, readFile } from "../platform/files.ts";
import { openWith, readWith } from "./importer.ts";
import type { Imported, Importer, ModelFile } from "./importer.ts";
import { compressed } from "./compressed/index.ts";
import { deepCompression } from "./deep-compression/index.ts";
import { firebrick } from "./firebrick/index.ts";
import { onnx } from "./onnx/index.ts";
import { tflite } from "./tflite/index.ts";

/** Those with a mark in the file first, whatever it is called. */
export const IMPORTERS: readonly Importer[] = [compressed, firebrick, tflite, deepCompression, onnx];

/**
 * Reads the model file at `path` and hands it to the importer that knows it. `until`: operators behind which the network ends.
 * @throws InputError with all problems: missing or empty file, folder, unknown or damaged format, everything in the
 *   network that Firebrick does not compute.
 */
export function importModel(path: string, until: readonly string[] = []): Graph {
  const file = readModelFile(path);
  return openWith(importerOf(file), file, until);
}

/**
 * As importModel, but problems inside the network come back beside all that could be read.
 * @throws InputError when there is no file of a known format.
 */
export function readModel(path: string, until: readonly string[] = []): Imported {
  const file = readModelFile(path);
  return readWith(importerOf(file), file, until);
}

function importerOf(file: ModelFile): Importer {
  const importer = IMPORTERS.find((candidate) => candidate.match(file));
  if (importer) return importer;
  const supported = IMPORTERS.map((candidate) => candidate.name).join(", ");
  throw fileProblem("unknown-format", file.path, "a file of another kind", supported, "give a model file");
}

function readModelFile(path: string): ModelFile {
  const supported = "a model file";
  let bytes: Uint8Array;
  try {
    const kind = kindOf(path);
    if (kind === "nothing")
      throw fileProblem("missing-file", path, "no such file", supported, "check the path");
    if (kind !== "file") {
      const found = kind === "folder" ? "a directory" : "a device or socket";
      throw fileProblem("not-a-file", path, found, supported, "name the model file itself");
    }
    bytes = readFile(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw fileProblem("unreadable-file", path, reason, supported, "check the path and its permissions");
  }
  if (bytes.length === 0)
    throw fileProblem("empty-file", path, "0 bytes", supported, "download the model again");
  return { path, bytes };
}

function fileProblem(code: string, node: string, found: string, supported: string, fix: string): InputError {
  return new InputError({ code, node, found, supported, fix });
}
