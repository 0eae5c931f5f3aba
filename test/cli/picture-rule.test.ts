/** Pictures for networks from ONNX, which do not say how they want them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import { OperatorCode } from "../../src/1-import/tflite/schema.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { Draft } from "../support/tflite-draft.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

/** A quantised network that gives its input back: [1, 3, 2, 2] in steps of 0.02 from -2.46 to 2.64. */
function copying(): Uint8Array {
  const draft = new OnnxDraft();
  const scale = (name: string, value: number, zero: number): string[] => [
    draft.constant(name, [], [value]),
    draft.constant(`${name}/zero`, [], [zero], "int8"),
  ];
  const identity = draft.constant("w/q", [3, 3, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1], "int8");
  draft.node("DequantizeLinear", [draft.input("x", [1, 3, 2, 2], "int8"), ...scale("sx", 0.02, -5)], "xf");
  draft.node("DequantizeLinear", [identity, ...scale("sw", 1, 0)], "w");
  draft.node("Conv", ["xf", "w"], "conv");
  draft.node("QuantizeLinear", ["conv", ...scale("sy", 0.02, -5)], "y");
  return draft.write(["y"], "int8");
}

async function files(folder: string) {
  const [model, picture, raw] = ["net.onnx", "flat.png", "raw.bin"].map((name) => join(folder, name));
  writeFileSync(model!, copying());
  const pixels = Buffer.from(Array.from({ length: 4 }, () => [200, 100, 50]).flat());
  writeFileSync(
    picture!,
    await sharp(pixels, { raw: { width: 2, height: 2, channels: 3 } })
      .png()
      .toBuffer(),
  );
  writeFileSync(raw!, new Int8Array(12).fill(45));
  mkdirSync(join(folder, "labels"));
  const labels = join(folder, "labels", "labels.csv");
  writeFileSync(labels, "flat.png,0\n");
  return { model: model!, picture: picture!, raw: raw!, labels };
}

/** The values of four equal pixels, as they are printed. */
const four = (pixel: string): string => `  values ${new Array<string>(4).fill(pixel).join(" ")}\n`;

it("refuses a picture without a rule in every command that takes one, and names the options", () =>
  inTemporaryFolder(async (folder) => {
    const { labels, model, picture } = await files(folder);
    const commands = [
      ...["golden", "simulate", "report"].map((command) => [command, model, "--input", picture]),
      ["accuracy", model, "--images", folder, "--labels", labels],
    ];
    for (const command of commands) {
      const { status, stderr, stdout } = await firebrick(...command);
      expect([status, stdout], command[0]).toEqual([2, ""]);
      expect(stderr, command[0]).toMatch(
        /unknown-preprocess: \S+flat\.png: .*--mean R,G,B, --std R,G,B.*fix: /,
      );
    }
  }));

it("reads pictures by --mean, --std and --channels", () =>
  inTemporaryFolder(async (folder) => {
    const { labels, model, picture } = await files(folder);
    const rule = ["--mean", "100,100,100", "--std", "50"];
    const golden = await firebrick("golden", model, "--input", picture, ...rule);
    expect(golden.stdout).toBe(`${picture}\n${four("2 0 -1")}`);
    const turned = await firebrick("golden", model, "--input", picture, ...rule, "--channels", "bgr");
    expect(turned.stdout).toBe(`${picture}\n${four("-1 0 2")}`);
    const report = await firebrick("report", model, "--input", picture, ...rule);
    expect(report.stdout).toContain(`${picture}\n${four("2 0 -1")}`);
    const accuracy = await firebrick("accuracy", model, "--images", folder, "--labels", labels, ...rule);
    expect(accuracy.status, accuracy.stderr).toBe(0);
    const bad = await firebrick("golden", model, "--input", picture, "--mean", "1,2");
    expect([bad.status, bad.stderr]).toEqual([2, expect.stringMatching(/bad-option: --mean/)]);
  }));

it("needs no rule for a raw tensor, nor for TensorFlow Lite's pictures, whose rule it changes", () =>
  inTemporaryFolder(async (folder) => {
    const { model, picture, raw } = await files(folder);
    const tensor = await firebrick("golden", model, "--input", raw);
    expect(tensor.stdout).toBe(`${raw}\n  values ${new Array<number>(12).fill(1).join(" ")}\n`);
    const draft = new Draft("uint8");
    const x = draft.map("x", [1, 2, 2, 3], 1, 0);
    const y = draft.operator(OperatorCode.RELU, [x], draft.map("y", [1, 2, 2, 3], 1, 0));
    const lite = join(folder, "net.tflite");
    writeFileSync(lite, draft.write([x], [y]));
    const stored = await firebrick("golden", lite, "--input", picture);
    expect(stored.stdout).toBe(`${picture}\n${four("200 100 50")}`);
    const told = await firebrick("golden", lite, "--input", picture, "--mean", "50,40,30", "--std", "10");
    expect(told.stdout).toBe(`${picture}\n${four("15 6 2")}`);
  }));
