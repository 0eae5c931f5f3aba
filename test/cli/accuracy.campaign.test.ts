import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const images = packagePath("..", "shared", "images");
const squeezenet = packagePath(
  ...["..", "shared", "models", "squeezenet_v1.0_deep_compression", "compressed_SqueezeNet.net"],
);

interface FloatReport {
  readonly inputs: readonly {
    readonly file: string;
    readonly label: number;
    readonly top: number[];
    readonly floatTop: number[];
  }[];
  readonly float: {
    readonly top1: number;
    readonly agreement: number;
    readonly disagreements: readonly unknown[];
  };
}

describe.runIf(existsSync(images) && existsSync(squeezenet))("accuracy beside a float network", () => {
  it("names the pictures that the two judge differently, in one process and in several", () =>
    inTemporaryFolder(async (folder) => {
      const saved = join(folder, "squeezenet.firebrick");
      const labels = join(images, "labels.csv");
      const list = join(folder, "list.txt");
      writeFileSync(list, "002.jpg\n007.jpg\n");
      const quantized = ["quantize", squeezenet, "--calibrate", images, "--list", list, "-o", saved];
      expect((await firebrick(...quantized)).status).toBe(0);
      const line = ["accuracy", saved, "--float", squeezenet, "--images", images, "--labels", labels];
      const slice = ["--pictures", "89:91", "--json"];
      const run = await firebrick(...line, ...slice);
      expect(run.status).toBe(0);
      const { float, inputs } = JSON.parse(run.stdout) as FloatReport;
      const rows = readFileSync(labels, "utf8").split("\n").slice(89, 92);
      expect(inputs.map(({ file }) => file)).toEqual(rows.map((row) => join(images, row.split(",")[0]!)));
      const different = inputs.filter(({ floatTop, top }) => floatTop[0] !== top[0]);
      expect(float.agreement).toBe(1 - different.length / 3);
      expect(float.disagreements).toEqual(
        different.map(({ file, floatTop, label, top }) => ({
          file,
          label,
          integer: top[0],
          float: floatTop[0],
        })),
      );
      expect(float.top1).toBe(inputs.filter(({ floatTop, label }) => floatTop[0] === label).length / 3);
      const jobs = ["--executor", "local", "--jobs", "3", "--work", join(folder, "work")];
      const spread = await firebrick(...line, ...slice, ...jobs);
      expect(JSON.parse(spread.stdout)).toEqual(JSON.parse(run.stdout));
      const people = await firebrick(...line, "--pictures", "89:89");
      expect(people.stdout).toMatch(/float network: top-1 [\d.]+ % \(\d\), top-5 .*; same best class/);
    }));
});
