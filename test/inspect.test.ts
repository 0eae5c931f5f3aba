import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OperatorCode } from "../src/1-import/tflite/schema.ts";
import { formatInspect, inspectGraph, inspectModel } from "../src/inspect.ts";
import { codesOf } from "./support/problems.ts";
import { Draft } from "./support/tflite-draft.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firebrick-inspect-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A convolution, an operator that is not supported, a convolution with an activation that is not. */
function troubled(): string {
  const draft = new Draft("uint8");
  const [input, a] = [draft.map("in", [1, 8, 8, 3], 1 / 128, 128), draft.map("first", [1, 8, 8, 4])];
  const [b, output] = [draft.map("second", [1, 8, 8, 4]), draft.map("third", [1, 4, 4, 2])];
  draft.conv(input, a, [4, 3, 3, 3]);
  draft.operator(27, [a], b);
  draft.conv(b, output, [2, 1, 1, 4], { stride: [2, 2], activation: "TANH" });
  return write("troubled.tflite", draft.write([input], [output]));
}

describe("inspect", () => {
  it("lists what could be read beside every problem", () => {
    const inspection = inspectModel(troubled());
    expect(inspection).toMatchObject({ model: "troubled", format: "tflite", arithmetic: "uint8" });
    expect(inspection.inputs).toEqual([
      { name: "in", shape: [1, 8, 8, 3], dtype: "uint8", scale: 1 / 128, zeroPoint: 128 },
    ]);
    expect(inspection.layers.map(({ name, operator, macs }) => [name, operator, macs])).toEqual([
      ["first", "CONV_2D", 8 * 8 * 4 * 27],
      ["second", "SVDF", 0],
      ["third", "CONV_2D", 0],
    ]);
    expect(inspection.layers[0]).toMatchObject({
      inputShapes: [[1, 8, 8, 3]],
      outputShape: [1, 8, 8, 4],
      parameters: 112,
    });
    expect(inspection.parameters).toBe(112);
    expect(inspection.problems.map(({ code, node }) => [code, node])).toEqual([
      ["unsupported-operator", "second"],
      ["unsupported-activation", "third"],
    ]);
  });

  it("prints the same", () => {
    const text = formatInspect(inspectModel(troubled()));
    expect(text).toContain("troubled: tflite, uint8, 112 parameters, 6,912 multiply-accumulates an image\n");
    expect(text).toMatch(/^first +CONV_2D +\[1, 8, 8, 3\] +\[1, 8, 8, 4\] +112 +6,912$/m);
    expect(text).toContain(
      "2 problems\nunsupported-operator: second\n  found      recurrent layers (SVDF)\n",
    );
    expect(text).not.toMatch(/ $/m);
  });

  it("finds what only the integer graph shows", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4], 1), draft.map("out", [1, 4], 2 ** -20)];
    draft.operator(OperatorCode.SUB, [input, input], output);
    const inspection = inspectModel(write("sub.tflite", draft.write([input], [output])));
    expect(inspection.problems.map((problem) => problem.code)).toEqual(["unsupported-quantization"]);
    expect(inspectGraph(draft.import([input], [output])).problems).toEqual(inspection.problems);
  });

  it("takes a float network as it is", () => {
    const draft = new Draft("float32");
    const [input, output] = [draft.map("in", [1, 4]), draft.map("out", [1, 2])];
    draft.dense(input, output, [2, 4]);
    const inspection = inspectModel(write("float.tflite", draft.write([input], [output])));
    expect(inspection).toMatchObject({ arithmetic: "float32", parameters: 10, macs: 8, problems: [] });
    expect(formatInspect(inspection)).toContain("no problems");
  });

  it("throws where there is nothing to list", () => {
    expect(codesOf(() => inspectModel(write("text.tflite", Buffer.from("hello"))))).toEqual(["not-a-model"]);
    expect(codesOf(() => inspectModel(folder))).toEqual(["not-a-file"]);
  });

  const models = new URL("../../shared/models/", import.meta.url);
  it.runIf(existsSync(models))("counts MobileNet v1 1.0-224 as the paper does", () => {
    const inspection = inspectModel(new URL("mobilenet_v1_1.0_224/model.tflite", models).pathname);
    expect(inspection.macs).toBe(568_741_376);
    expect(inspection.parameters).toBe(4_222_057);
    expect(inspection.layers).toHaveLength(31);
    expect(inspection.problems).toEqual([]);
  });
});
