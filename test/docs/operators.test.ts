import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LAYER_READERS } from "../../src/1-import/deep-compression/layers.ts";
import { LAYER_WORDS } from "../../src/1-import/deep-compression/words.ts";
import { FOLDED, MICROSOFT, QONNX, STANDARD } from "../../src/1-import/onnx/operators/index.ts";
import { MICROSOFT_WORDS, QONNX_WORDS, STANDARD_WORDS } from "../../src/1-import/onnx/operators/words.ts";
import { FOLDS, OF_SHAPES } from "../../src/1-import/tflite/fold/index.ts";
import { OPERATOR_READERS } from "../../src/1-import/tflite/operators/index.ts";
import { TFLITE_WORDS } from "../../src/1-import/tflite/operators/words.ts";
import { operatorsPage, readerName } from "../../src/cli/operators-page.ts";
import { packagePath } from "../../src/platform/package.ts";
import { savedHeader } from "../../src/saved/schema.ts";

const page = readFileSync(packagePath("docs", "operators.md"), "utf8");

/** Cells of the rows of the table below a heading, without its head. */
function rowsUnder(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
const kinds = savedHeader().shape.nodes.element.options.flatMap((option) =>
  "values" in option.shape.kind ? [...option.shape.kind.values] : option.shape.kind.options,
);

it("is what npm run docs:operators writes", () => {
  expect(page).toBe(operatorsPage());
});

it("has words for every operator that the importers read, and for no other", () => {
  const sorted = (words: object) => Object.keys(words).toSorted();
  expect(sorted(TFLITE_WORDS)).toEqual(OPERATOR_READERS.map(readerName).toSorted());
  expect(sorted(STANDARD_WORDS)).toEqual([
    ...new Set([...Object.keys(STANDARD), ...Object.keys(FOLDED)].toSorted()),
  ]);
  expect(sorted(MICROSOFT_WORDS)).toEqual(sorted(MICROSOFT));
  expect(sorted(QONNX_WORDS)).toEqual(sorted(QONNX));
  expect(sorted(LAYER_WORDS)).toEqual(sorted(LAYER_READERS));
});

it("lists the operators of every kind of node", () => {
  const rows = new Map(rowsUnder("Operators by node").map(([node, ...cells]) => [node, cells]));
  expect(rows.get("`conv`")).toEqual([
    "CONV_2D, TRANSPOSE_CONV",
    "Conv, ConvInteger, ConvTranspose, MatMul, MatMulInteger, QLinearConv",
    "Convolution",
    "yes",
    "yes",
    "phase",
  ]);
  expect(rows.get("`softmax`")).toEqual(["SOFTMAX", "Softmax", "Softmax", "yes", "no", "host"]);
  expect(rows.get("`slice`")?.slice(3)).toEqual(["yes", "yes", "layout"]);
});

it("lists what is computed of constants in TFLite files", () => {
  const listed = /while the file is read:\s([A-Z0-9_,\s]+)\./.exec(page)?.[1]?.split(/[,\s]+/);
  expect(listed).toEqual([...FOLDS.keys(), ...OF_SHAPES.keys()].toSorted());
});

it("says of every node where it runs, and names no other", () => {
  const placed = rowsUnder("Where a node runs").flatMap(([node]) => codes(node!));
  expect(placed.toSorted()).toEqual(kinds.toSorted());
  for (const heading of ["TensorFlow Lite", "ONNX", "Deep Compression"])
    for (const [name, node] of rowsUnder(heading))
      for (const kind of codes(node!)) expect(kinds, `${name} becomes ${kind}`).toContain(kind);
});

it("names every attribute that the ONNX importer asks for", () => {
  const asked = new Set<string>();
  const folder = packagePath("src", "1-import", "onnx");
  const files = readdirSync(folder, { encoding: "utf8", recursive: true });
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const source = readFileSync(join(folder, file), "utf8");
    for (const [, list] of source.matchAll(/\battributes\s*\.(?:\w+)\(((?:\s*"\w+",?)+)/g))
      for (const [, name] of list!.matchAll(/"(\w+)"/g)) asked.add(name!);
  }
  const listed = rowsUnder("ONNX").flatMap(([, , attributes, ignored]) => codes(attributes! + ignored!));
  const inputs = ["min", "max"]; // of Clip, asked for by the same code as its inputs
  expect([...new Set(listed)].filter((name) => !inputs.includes(name)).toSorted()).toEqual(
    [...asked]
      .filter((name) => !["constant", "NOTSET", "ROUND", "DCR", "nearest", "none", "stretch"].includes(name))
      .toSorted(),
  );
});
