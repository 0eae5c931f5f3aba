import type { Reader } from "../reader.ts";
import { netReader, onnxReader, prototxtReader, tfliteReader } from "./models.ts";
import { boardReader, densityReader, labelReader, programReader } from "./others.ts";
import { pictureReader } from "./pictures.ts";
import { compressedReader, savedReader } from "./saved.ts";
import { kernelReader, networkReader } from "./typescript.ts";

/** Every reader of a file that a stranger may have made. */
export const readers: readonly Reader[] = [
  tfliteReader,
  onnxReader,
  netReader,
  prototxtReader,
  savedReader,
  compressedReader,
  networkReader,
  kernelReader,
  boardReader,
  pictureReader,
  labelReader,
  densityReader,
  programReader,
];

/** Those whose files are networks: what is simulated comes from them. */
export const modelReaders: readonly Reader[] = [
  tfliteReader,
  onnxReader,
  savedReader,
  compressedReader,
  networkReader,
];
