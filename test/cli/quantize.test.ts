import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadFloat } from "../../src/index.ts";
import { loadModel } from "../../src/load.ts";
import { prepareFolder, rule } from "./float-model.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

describe("firebrick quantize", () => {
  it("writes a model that every command reads, with labels, and prints the table of errors", async () => {
    await inTemporaryFolder(async (folder) => {
      const { model, pictures, out } = await prepareFolder(folder, 5);
      const run = await firebrick(
        "quantize",
        model,
        "--calibrate",
        pictures,
        "-o",
        out,
        ...rule,
        "--resize",
        "16",
      );
      expect(run).toMatchObject({ status: 0 });
      expect(run.stdout).toMatch(/layer +operator +scale +zero point +SNR dB +saturated +range/);
      expect(run.stdout).toMatch(/fire2\/squeeze +conv +0\.\d+ +-128 +\d+\.\d\d +\d\.\d{4} %/);
      expect(run.stderr).toContain("5 inputs from");
      const graph = loadModel(out);
      const [, printed] = /fire2\/squeeze .* (\d+\.\d\d) +\d\.\d{4} %/.exec(run.stdout) ?? [];
      const saved = graph.quantisationErrors?.find(({ name }) => name === "fire2/squeeze");
      expect(saved?.snrDb?.toFixed(2)).toBe(printed);
      expect(graph.labels).toEqual(["a", "b", "c", "d", "e"]);
      expect(graph.preprocess).toEqual({ mean: [0, 0, 0], std: [1, 1, 1], channelOrder: "rgb", resize: 16 });
      const golden = await firebrick("golden", out, "--input", join(pictures, "0.png"), "--json");
      expect(JSON.parse(golden.stdout)).toMatchObject({ inputs: [{ top: { length: 5 } }] });
      expect((await firebrick("inspect", out)).status).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(["float", "int8", "pictures"]);
    });
  });

  it("gives the same bytes again and reports them as JSON; a list chooses the pictures", async () => {
    await inTemporaryFolder(async (folder) => {
      const { model, pictures, out } = await prepareFolder(folder, 5);
      const quantize = async (...more: string[]) => {
        const run = await firebrick(
          "quantize",
          model,
          "--calibrate",
          pictures,
          "-o",
          out,
          ...rule,
          "--json",
          ...more,
        );
        const json: unknown = JSON.parse(run.stdout);
        return { json, bytes: readFileSync(out) };
      };
      const [one, two] = [await quantize(), await quantize()];
      expect(two).toEqual(one);
      expect(one.json).toMatchObject({ file: out, pictures: 5, bytes: one.bytes.length, paddingError: 0 });
      const few = await quantize("--list", join(pictures, "labels.csv"));
      expect(few.json).toMatchObject({ pictures: 2 });
      expect(few.bytes.equals(one.bytes)).toBe(false);
    });
  });

  it("remembers how pictures become what it was calibrated with, also beside raw tensors", async () => {
    await inTemporaryFolder(async (folder) => {
      const { model, out } = await prepareFolder(folder, 1);
      const float = await loadFloat(model);
      const values = (float.tensors.get(float.inputs[0] ?? -1)?.shape ?? []).reduce((a, b) => a * b, 1);
      mkdirSync(join(folder, "raw"));
      const tensor = Float32Array.from({ length: values }, (_, i) => Math.sin(i));
      writeFileSync(join(folder, "raw", "0.bin"), new Uint8Array(tensor.buffer));
      const command = ["quantize", model, "--calibrate", join(folder, "raw"), "-o", out];
      expect(await firebrick(...command, ...rule)).toMatchObject({ status: 0 });
      expect(loadModel(out).preprocess).toEqual({ mean: [104, 117, 123], std: [50], channelOrder: "bgr" });
      const told = await loadFloat(model, { pictures: { mean: [1, 2, 3], channelOrder: "bgr" } });
      expect(told.preprocess).toEqual({ mean: [3, 2, 1], std: [1], channelOrder: "bgr" });
      expect(await firebrick(...command)).toMatchObject({ status: 0 });
      expect(loadModel(out).preprocess).toBeUndefined();
    });
  });

  it("asks how the network wants its pictures, and refuses nonsense, before it writes anything", async () => {
    await inTemporaryFolder(async (folder) => {
      const { model, pictures, out } = await prepareFolder(folder, 5);
      const refused = async (...args: string[]) => {
        const run = await firebrick("quantize", ...args);
        expect([run.status, run.stdout, existsSync(out)]).toEqual([2, "", false]);
        return run.stderr;
      };
      const usual = [model, "--calibrate", pictures, "-o", out];
      expect(await refused(...usual)).toMatch(/unknown-preprocess/);
      const bad = await refused(...usual, "--mean", "1,2", "--std", "0", "--channels", "gbr", "--crop", "12");
      expect(bad.match(/bad-option: --(mean|std|channels|crop)/g)).toHaveLength(4);
      expect(await refused(model, "--calibrate", folder, "-o", out, ...rule)).toMatch(/no-pictures/);
      expect(await refused(model, "--calibrate", join(folder, "none"), "-o", out, ...rule)).toMatch(
        /unreadable-file/,
      );
      expect(await refused(model, "--calibrate", pictures, "-o", folder, ...rule)).toMatch(/output-file/);
      expect(await refused("mobilenet-v1-0.25-128", "--calibrate", pictures, "-o", out)).toMatch(
        /not-a-float-model/,
      );
      writeFileSync(join(pictures, "broken.png"), readFileSync(join(pictures, "0.png")).subarray(0, 300));
      expect(await refused(...usual, ...rule)).toMatch(/broken-picture/);
    });
  });
});
