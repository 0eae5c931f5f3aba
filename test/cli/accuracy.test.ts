import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/ir/package-root.ts";
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

describe.runIf(existsSync(images) && existsSync(model))("accuracy of a real network", () => {
  it("agrees with golden picture by picture", () =>
    inTemporaryFolder(async (folder) => {
      const lines = readFileSync(join(images, "labels.csv"), "utf8").split("\n").slice(0, 9);
      const labels = join(folder, "labels.csv");
      writeFileSync(labels, lines.join("\n"));
      const run = await firebrick("accuracy", model, "--images", images, "--labels", labels, "--json");
      expect(run.status).toBe(0);
      const report = JSON.parse(run.stdout) as Report;
      expect([report.images, report.backgroundShift, report.rtl]).toEqual([8, 1, null]);
      expect(report.inputs[0]?.label).toBe(Number(lines[1]!.split(",")[1]) + 1);
      const files = report.inputs.map(({ file }) => file);
      const golden = await firebrick("golden", model, "--input", ...files, "--json");
      const tops = (JSON.parse(golden.stdout) as { inputs: { top: { index: number }[] }[] }).inputs.map(
        ({ top }) => top.map(({ index }) => index),
      );
      expect(report.inputs.map(({ top }) => top)).toEqual(tops);
      const right = report.inputs.filter(({ label, top }) => top[0] === label).length;
      expect(right).toBeGreaterThan(0);
      expect(report.top1).toBe(right / 8);
      expect(report.confusion.reduce((sum, cell) => sum + cell.images, 0)).toBe(8);
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
    }));
});
