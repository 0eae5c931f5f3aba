import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { saveGraph } from "../../src/saved/save.ts";
import { fireNetwork } from "../3-quantise/ptq/fire-network.ts";
import { prepareFolder, rule } from "./float-model.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const images = packagePath("..", "shared", "images");
const model = packagePath("..", "shared", "models", "mobilenet_v1_0.25_128", "model.tflite");

interface Report {
  readonly images: number;
  readonly top1: number;
  readonly top5: number;
  readonly backgroundShift: number;
  readonly inputs: readonly { readonly file: string; readonly label: number; readonly top: number[] }[];
  readonly confusion: readonly { readonly images: number; readonly expectedLabel: string }[];
  readonly rtl: { readonly images: number; readonly bitExact: number } | null;
}

interface FloatReport {
  readonly inputs: readonly (Report["inputs"][number] & { readonly floatTop: number[] })[];
  readonly float: {
    readonly top1: number;
    readonly agreement: number;
    readonly disagreements: readonly unknown[];
  };
}

describe.runIf(existsSync(images) && existsSync(model))("accuracy of a real network", () => {
  it("agrees with golden picture by picture", () =>
    inTemporaryFolder(async (folder) => {
      const lines = readFileSync(join(images, "labels.csv"), "utf8").split("\n").slice(0, 5);
      const labels = join(folder, "labels.csv");
      writeFileSync(labels, lines.join("\n"));
      const run = await firebrick("accuracy", model, "--images", images, "--labels", labels, "--json");
      expect(run.status).toBe(0);
      const report = JSON.parse(run.stdout) as Report;
      expect([report.images, report.backgroundShift, report.rtl]).toEqual([4, 1, null]);
      expect(report.inputs[0]?.label).toBe(Number(lines[1]!.split(",")[1]) + 1);
      const files = report.inputs.map(({ file }) => file);
      const golden = await firebrick("golden", model, "--input", ...files, "--json");
      const tops = (JSON.parse(golden.stdout) as { inputs: { top: { index: number }[] }[] }).inputs.map(
        ({ top }) => top.map(({ index }) => index),
      );
      expect(report.inputs.map(({ top }) => top)).toEqual(tops);
      const right = report.inputs.filter(({ label, top }) => top[0] === label).length;
      expect(right).toBeGreaterThan(0);
      expect(report.top1).toBe(right / 4);
      expect(report.confusion.reduce((sum, cell) => sum + cell.images, 0)).toBe(4);
    }));
});

// The trained SqueezeNet: accuracy.campaign.test.ts.
describe("accuracy beside a float network", () => {
  it("names the pictures that the two judge differently, in one process and in several", () =>
    inTemporaryFolder(async (folder) => {
      const { model, out, pictures } = await prepareFolder(folder, 20);
      const quantized = ["quantize", model, "--calibrate", pictures, "-o", out, ...rule];
      expect((await firebrick(...quantized)).status).toBe(0);
      // Not the one that was quantised, which judges all of them alike.
      const float = join(folder, "other");
      writeFileSync(float, saveGraph(fireNetwork(1)));
      const labels = join(pictures, "labels.csv");
      const rows = Array.from({ length: 20 }, (_, i) => `${i}.png,${i % 5}`);
      writeFileSync(labels, ["file,class", ...rows].join("\n"));
      const line = ["accuracy", out, "--float", float, "--images", pictures, "--labels", labels, ...rule];
      const run = await firebrick(...line, "--json");
      expect(run.status, run.stderr).toBe(0);
      const { float: judged, inputs } = JSON.parse(run.stdout) as FloatReport;
      expect(inputs.map(({ file }) => file)).toEqual(rows.map((row) => join(pictures, row.split(",")[0]!)));
      const different = inputs.filter(({ floatTop, top }) => floatTop[0] !== top[0]);
      expect(different.length).toBeGreaterThan(0);
      expect(judged.agreement).toBe(1 - different.length / 20);
      expect(judged.disagreements).toEqual(
        different.map(({ file, floatTop, label, top }) => ({
          file,
          label,
          integer: top[0],
          float: floatTop[0],
        })),
      );
      expect(judged.top1).toBe(inputs.filter(({ floatTop, label }) => floatTop[0] === label).length / 20);
      const jobs = ["--executor", "local", "--jobs", "3", "--work", join(folder, "work")];
      const spread = await firebrick(...line, "--json", ...jobs);
      expect(JSON.parse(spread.stdout)).toEqual(JSON.parse(run.stdout));
      const people = await firebrick(...line, "--pictures", "3:3");
      expect(people.stdout).toMatch(/float network: top-1 [\d.]+ % \(\d\), top-5 .*; same best class/);
    }));
});

describe("accuracy", () => {
  it("refuses a bad --rtl and pictures that are not there", () =>
    inTemporaryFolder(async (folder) => {
      const labels = join(folder, "labels.csv");
      writeFileSync(labels, "gone.jpg,1\n");
      const line = ["accuracy", "mobilenet-v1-0.25-32", "--images", folder, "--labels", labels];
      const gone = await firebrick(...line);
      expect([gone.status, gone.stderr]).toEqual([2, expect.stringMatching(/missing-file: \S+gone\.jpg/)]);
      const bad = await firebrick(...line, "--rtl", "x");
      expect([bad.status, bad.stderr]).toEqual([2, expect.stringMatching(/bad-option: --rtl/)]);
      writeFileSync(join(folder, "gone.jpg"), "");
      const range = await firebrick(...line, "--pictures", "2:3");
      expect([range.status, range.stderr]).toEqual([2, expect.stringMatching(/within 1:1/)]);
      const integer = await firebrick(...line, "--float", "mobilenet-v1-0.25-32");
      expect([integer.status, integer.stderr]).toEqual([2, expect.stringMatching(/not-a-float-model/)]);
    }));
});
