/** The networks whose figures docs/figures.md shows. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packagePath } from "../../src/ir/package-root.ts";

export interface FigureCase {
  /** As the table names it. */
  readonly name: string;
  /** MODEL of the command line. */
  readonly model: string;
  /** A file, or undefined: grey of the given number of bytes. */
  readonly input: string | { readonly bytes: number };
  readonly array: string;
  /** Bytes a cycle of the memory. */
  readonly bytes: 8 | 16;
  /** Why it cannot run here; null when it can. */
  readonly missing: string | null;
}

const models = join("..", "shared", "models");

/** Of a downloaded network, which lies beside the checkout. */
function downloaded(name: string, array: string, bytes: 8 | 16): FigureCase {
  const folder = join(models, name);
  const missing = existsSync(packagePath(folder)) ? null : `${folder} is missing`;
  const [model, input] = [join(folder, "model.tflite"), join(folder, "inputs", "00.bin")];
  return { name, model, input, array, bytes, missing };
}

const example = join("src", "zoo", "pictures", "examples", "arrow.png");

export const figureCases = (): readonly FigureCase[] => [
  { name: "pictures", model: "pictures", input: example, array: "8x8", bytes: 16, missing: null },
  downloaded("vww_96_int8", "8x8", 16),
  downloaded("mobilenet_v1_0.25_128", "4x4", 16),
  downloaded("mobilenet_v1_0.25_128", "8x8", 16),
  downloaded("mobilenet_v1_0.25_128", "16x16", 16),
  {
    name: "mobilenet-v1-0.5-160",
    model: "mobilenet-v1-0.5-160",
    input: { bytes: 160 * 160 * 3 },
    array: "16x16",
    bytes: 16,
    missing: null,
  },
  downloaded("mobilenet_v1_1.0_224", "16x16", 16),
  downloaded("mobilenet_v1_1.0_224", "16x16", 8),
];
