/** The networks whose figures docs/figures.md shows. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packagePath } from "../../src/platform/package.ts";
import { describeZoo } from "../../src/zoo/index.ts";

/** An array with a memory of so many bytes a cycle, or what `--board` picks. */
export type FigureHardware = { readonly array: string; readonly bytes: 8 | 16 } | { readonly board: string };

export interface FigureCase {
  /** As the table names it. */
  readonly name: string;
  /** MODEL of the command line. */
  readonly model: string;
  /** A file, or undefined: grey of the given number of bytes. */
  readonly input: string | { readonly bytes: number };
  readonly hardware: FigureHardware;
  /** Why it cannot run here; null when it can. */
  readonly missing: string | null;
}

const models = join("..", "shared", "models");

/** Of a downloaded network, which lies beside the checkout. */
function downloaded(name: string, hardware: FigureHardware): FigureCase {
  const folder = join(models, name);
  const missing = existsSync(packagePath(folder)) ? null : `${folder} is missing`;
  const [model, input] = [join(folder, "model.tflite"), join(folder, "inputs", "00.bin")];
  return { name, model, input, hardware, missing };
}

/** Of a network of the zoo, on a grey picture. */
export const seeded = (name: string, hardware: FigureHardware): FigureCase => {
  const { height, width, channels } = describeZoo(name).input;
  return { name, model: name, input: { bytes: height * width * channels }, hardware, missing: null };
};

const example = join("src", "zoo", "pictures", "examples", "arrow.png");
const pictures = (hardware: FigureHardware): FigureCase => ({
  name: "pictures",
  model: "pictures",
  input: example,
  hardware,
  missing: null,
});

export const figureCases = (): readonly FigureCase[] => [
  pictures({ array: "8x8", bytes: 16 }),
  downloaded("vww_96_int8", { array: "8x8", bytes: 16 }),
  downloaded("mobilenet_v1_0.25_128", { array: "4x4", bytes: 16 }),
  downloaded("mobilenet_v1_0.25_128", { array: "8x8", bytes: 16 }),
  downloaded("mobilenet_v1_0.25_128", { array: "16x16", bytes: 16 }),
  seeded("mobilenet-v1-0.5-160", { array: "16x16", bytes: 16 }),
  downloaded("mobilenet_v1_1.0_224", { array: "16x16", bytes: 16 }),
  downloaded("mobilenet_v1_1.0_224", { array: "16x16", bytes: 8 }),
  downloaded("mobilenet_v2_1.0_224", { array: "16x16", bytes: 16 }),
  downloaded("mobilenet_v2_1.0_224", { array: "16x16", bytes: 8 }),
  downloaded("resnet8_cifar10", { array: "8x8", bytes: 16 }),
  seeded("squeezenet-1.1", { array: "16x16", bytes: 16 }),
];

/** Whole networks on boards, two products a DSP block where `--board` takes them. */
export const boardCases = (): readonly FigureCase[] =>
  ["arty-a7-100t", "pynq-z2", "ulx3s-85f", "ultra96-v2"].flatMap((board) => [
    pictures({ board }),
    downloaded("vww_96_int8", { board }),
    downloaded("mobilenet_v1_0.25_128", { board }),
    downloaded("mobilenet_v2_1.0_224", { board }),
    seeded("squeezenet-1.1", { board }),
  ]);
