/** Pictures for networks from ONNX, which do not say how they want them. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

it("says which rule an option replaces, and stretches or cuts a picture as --resize says", () =>
  inTemporaryFolder(async (folder) => {
    const { model, picture, raw } = await files(folder);
    const rule = ["--mean", "100", "--std", "50"];
    const plain = await firebrick("golden", model, "--input", picture, ...rule, "--resize", "stretch");
    expect([plain.stdout, plain.stderr]).toEqual([`${picture}\n${four("2 0 -1")}`, ""]);
    const small = await firebrick("golden", model, "--input", picture, ...rule, "--resize", "1x2");
    expect([small.status, small.stderr]).toEqual([
      2,
      expect.stringMatching(/bad-option: --resize: found 1x2;/),
    ]);
    const odd = await firebrick("golden", model, "--input", picture, ...rule, "--resize", "wide");
    expect([odd.status, odd.stderr]).toEqual([2, expect.stringMatching(/--resize: found "wide"; .*stretch/)]);
    // what makes no rule alone is no matter for a raw tensor
    const tensor = await firebrick("golden", model, "--input", raw, "--channels", "bgr", "--resize", "3");
    expect([tensor.status, tensor.stderr]).toEqual([0, ""]);
    const lite = join(folder, "net.tflite");
    const draft = new Draft("uint8");
    const x = draft.map("x", [1, 2, 2, 3], 1, 0);
    writeFileSync(
      lite,
      draft.write([x], [draft.operator(OperatorCode.RELU, [x], draft.map("y", [1, 2, 2, 3], 1, 0))]),
    );
    const told = await firebrick("golden", lite, "--input", picture, "--channels", "bgr");
    expect(told.stdout).toBe(`${picture}\n${four("50 100 200")}`);
    expect(told.stderr).toBe(
      "note: pictures by --mean 0 --std 1 --channels bgr; net itself says --mean 0 --std 1 --channels rgb\n",
    );
    const same = await firebrick("golden", lite, "--input", picture, "--channels", "rgb", "--std", "1");
    expect(same.stderr).toBe("");
  }));

/** A network of three logits. */
function classifier(folder: string) {
  const draft = new Draft();
  const x = draft.map("x", [1, 2], 0.5);
  const [model, input] = ["net.tflite", "x.bin"].map((name) => join(folder, name));
  writeFileSync(model!, draft.write([x], [draft.dense(x, draft.map("y", [1, 3], 1), [3, 2])]));
  writeFileSync(input!, Int8Array.of(100, 0));
  return { model: model!, input: input! };
}

it("names classes by --labels, in every command that names any", () =>
  inTemporaryFolder(async (folder) => {
    const { input, model } = classifier(folder);
    const names = join(folder, "animals.csv");
    writeFileSync(names, "file,class,name\na.jpg,2,barn owl\nb.jpg,0,cat\n");
    const unnamed = await firebrick("golden", model, "--input", input);
    expect(unnamed.stdout).toMatch(/^ {2}values /m);
    for (const command of [["golden"], ["report"], ["simulate", "--array", "4x4"]]) {
      const run = await firebrick(...command, model, "--input", input, "--labels", names);
      expect([run.status, run.stdout], command[0]).toEqual([
        0,
        expect.stringMatching(/ % {2}barn owl \(2\)\n.* % {2}1 \(1\)\n.* % {2}cat \(0\)\n/),
      ]);
    }
    const out = join(folder, "out");
    const compiled = await firebrick("compile", model, "-o", out, "--board", "icebreaker", "--labels", names);
    expect(compiled.status, compiled.stderr).toBe(0);
    expect(readFileSync(join(out, "host", "labels.txt"), "utf8")).toBe("cat\n1\nbarn owl\n");
    writeFileSync(names, "a.jpg,3,dog\n");
    const wrong = await firebrick("golden", model, "--input", input, "--labels", names);
    expect([wrong.status, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/label-count: \S+animals\.csv: /),
    ]);
  }));

it("names classes by the list of pictures that accuracy is given", () =>
  inTemporaryFolder(async (folder) => {
    const { model, picture } = await files(folder);
    const labels = join(folder, "named.csv");
    writeFileSync(labels, `file,class,name\nflat.png,1,green\n`);
    const rule = ["--mean", "100", "--std", "50"];
    const run = await firebrick("accuracy", model, "--images", folder, "--labels", labels, ...rule);
    expect([run.status, picture]).toEqual([0, join(folder, "flat.png")]);
    expect(run.stdout).toMatch(/1 x green \(1\) taken for 0 \(0\)/);
    writeFileSync(labels, "flat.png,9,blue\nflat.png,1,green\nflat.png,8,red\n");
    const bad = await firebrick("accuracy", model, "--images", folder, "--labels", labels, ...rule);
    expect([bad.status, bad.stderr.match(/bad-label/g)?.length]).toEqual([2, 2]);
  }));
