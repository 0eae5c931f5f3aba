import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importModel } from "../../src/1-import/index.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { saveGraph } from "../../src/saved/save.ts";
import { fireNetwork } from "../3-quantise/ptq/fire-network.ts";
import { squeezenetFile, squeezenetFolder } from "../support/squeezenet.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const small = "squeezenet-1.1-base16-incr16-64";

describe("firebrick compress", () => {
  it("writes a model that the other commands read, and prints a table with totals", () =>
    inTemporaryFolder(async (folder) => {
      const out = join(folder, "small.model");
      const { status, stdout } = await firebrick(
        "compress",
        small,
        "--bits",
        "6",
        "--prune",
        "0.4",
        "-o",
        out,
      );
      expect(status).toBe(0);
      expect(stdout).toMatch(/│ conv10 +│ +65,000 │ +40\.0 % │ +6 │ +26,\d{3} │/);
      expect(stdout).toMatch(/│ total /);
      expect(stdout).toMatch(/32 bit 0\.\d+ MB -> 6 bit 0\.\d+ MB, with Huffman codes 0\.\d+ MB/);
      expect(stdout).toMatch(/x smaller than AlexNet \(240 MB\)/);
      expect(stdout).toContain(`wrote ${out}`);
      const inspected = await firebrick("inspect", out, "--json");
      expect(inspected.status).toBe(0);
      const report: unknown = JSON.parse(inspected.stdout);
      expect(report).toMatchObject({ format: "compressed", problems: [] });
      const picture = join(folder, "input.bin");
      writeFileSync(
        picture,
        new Int8Array(64 * 64 * 3).map((_, i) => (i * 7) % 256),
      );
      const golden = await firebrick("golden", out, "--input", picture, "--json");
      expect(golden.status).toBe(0);
    }));

  it("prints one JSON object whose parts add up", () =>
    inTemporaryFolder(async (folder) => {
      const out = join(folder, "small");
      const shares = join(folder, "shares.json");
      writeFileSync(shares, JSON.stringify({ conv10: 0.2 }));
      const { stdout } = await firebrick("compress", small, "--prune", shares, "-o", out, "--json");
      const report = JSON.parse(stdout) as Record<string, number> & {
        layers: (Record<string, number> & { sizes: Record<string, number> })[];
      };
      expect(report).toMatchObject({ model: small, file: out, bits: 8, fileBytes: statSync(out).size });
      for (const total of ["floatBytes", "fixedBytes", "bytes", "storedEntries", "nonzeroWeights"]) {
        expect(report.layers.reduce((sum, layer) => sum + layer[total]!, 0)).toBe(report[total]);
      }
      for (const { sizes, bytes, biases } of report.layers) {
        expect(sizes["codebook"]! + sizes["tables"]! + sizes["codes"]! + sizes["gaps"]!).toBe(
          bytes! - 4 * biases!,
        );
      }
      const conv10 = report.layers.find(({ name }) => String(name) === "conv10")!;
      expect(conv10["density"]).toBeCloseTo(0.2, 3);
      expect(report["ratio"]).toBeCloseTo(report["floatBytes"]! / report["fileBytes"]!, 9);
      expect(report["ratioToAlexnet"]).toBeCloseTo(240e6 / report["fileBytes"]!, 6);
    }));

  it("--balanced keeps as many weights of each output channel", () =>
    inTemporaryFolder(async (folder) => {
      const out = join(folder, "balanced");
      const command = ["compress", small, "--prune", "0.25", "--balanced", "16", "-o", out];
      expect((await firebrick(...command)).status).toBe(0);
      const { nodes, tensors } = importModel(out);
      const last = nodes.find(({ name }) => name === "conv10")!;
      const { data, shape } = tensors.get(last.inputs[1]!)!;
      const [outputs = 0, , , channels = 0] = shape;
      const stored = data as Int8Array;
      for (let k = 0; k < outputs; k++) {
        const own = stored.subarray(k * channels, (k + 1) * channels);
        expect(own.filter((weight) => weight !== 0).length).toBe(Math.round(channels / 4));
      }
    }));

  it("refuses bad options before it writes anything", () =>
    inTemporaryFolder(async (folder) => {
      const out = join(folder, "out");
      const refused = async (...args: readonly string[]) => {
        const { status, stderr } = await firebrick("compress", small, ...args, "-o", out);
        expect(status).toBe(2);
        expect(existsSync(out)).toBe(false);
        return stderr;
      };
      expect(await refused("--bits", "9")).toMatch(/bad-option: --bits: found "9"; supported: 2 to 8/);
      expect(await refused("--prune", "1.5")).toMatch(/bad-option: --prune/);
      expect(await refused("--prune", "0.3", "--balanced", "12")).toMatch(
        /bad-option: --balanced: found "12"/,
      );
      expect(await refused("--balanced", "16")).toMatch(/bad-option: --balanced: found no --prune/);
      expect(await refused("--prune", "0")).toMatch(/bad-option: --prune/);
      expect(await refused("--prune", join(folder, "none.json"))).toMatch(/prune-file: .*no such file/);
      const shares = join(folder, "shares.json");
      writeFileSync(shares, JSON.stringify({ conv11: 0.5, conv10: 2, conv1: "half" }));
      const all = await refused("--prune", shares);
      expect(all.match(/prune-file/g)?.length).toBe(3);
      expect(all).toMatch(/conv11: found no layer with weights of that name/);
      writeFileSync(shares, "{");
      expect(await refused("--prune", shares)).toMatch(/prune-file: .*JSON/);
    }));

  it("reports what a .net holds: 8 bits a code, whatever --bits says", () =>
    inTemporaryFolder(async (folder) => {
      const out = join(folder, "six.net");
      const model = join(folder, "float");
      writeFileSync(model, saveGraph(fireNetwork()));
      const args = ["compress", model, "--bits", "6", "-o", out];
      const report = JSON.parse((await firebrick(...args, "--json")).stdout) as Record<string, unknown>;
      const { size } = statSync(out);
      expect(report).toMatchObject({ bits: 6, codeBits: 8, fileBytes: size, bytes: size });
      const layers = report["layers"] as { bytes: number; biases: number; sizes: Record<string, number> }[];
      for (const { biases, bytes, sizes } of layers) {
        const parts = Object.values(sizes).reduce((sum, size) => sum + size, 0);
        expect(bytes).toBe(parts + 4 * biases);
      }
      const { stdout } = await firebrick(...args);
      expect(stdout).toMatch(
        /-> 8 bit 0\.\d{3} MB\n--bits 6 changed the values; a \.net stores 8 bits a code\n/,
      );
      expect(stdout).not.toMatch(/Huffman/);
    }));

  it("refuses to write a quantised network, or activations that Caffe lacks, to NAME.net", () =>
    inTemporaryFolder(async (folder) => {
      const { status, stderr } = await firebrick(
        "compress",
        "mobilenet-v2-0.35-32",
        "-o",
        join(folder, "x.net"),
      );
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /no-caffe-layer: mobilenet-v2-0.35-32: found an input that is no single float32 map/,
      );
      expect(stderr).toMatch(/no-caffe-layer: Conv, .* and 32 more: found the activation relu6/);
      expect(existsSync(join(folder, "x.net"))).toBe(false);
    }));
});

describe.runIf(existsSync(squeezenetFolder))("firebrick compress of the trained SqueezeNet", () => {
  it("prints the figures of tables 1 and 2", () =>
    inTemporaryFolder(async (folder) => {
      const model = squeezenetFile("compressed_SqueezeNet.net");
      const run = async (bits: string) => {
        const out = join(folder, bits);
        const { stdout } = await firebrick("compress", model, "--bits", bits, "-o", out, "--json");
        expect(readFileSync(out).subarray(0, 8).toString()).toBe("FBCOMPR\n");
        return JSON.parse(stdout) as Record<string, number>;
      };
      const eight = await run("8");
      expect(eight).toMatchObject({
        ...{ parameters: 1_248_424, nonzeroWeights: 415_921, parametersAfterPruning: 419_897 },
        ...{ storedEntries: 422_083, floatBytes: 4_993_696, fixedBytes: 675_659 },
      });
      expect(Math.round(eight["ratioToAlexnet"]!)).toBe(427);
      const six = await run("6");
      expect(six["fixedBytes"]).toBeLessThan(552_000);
      expect(Math.round(six["ratioToAlexnet"]!)).toBe(537);
    }));

  it("writes the authors' own pair of files to NAME.net, as large as theirs and with the same weights", () =>
    inTemporaryFolder(async (folder) => {
      const model = squeezenetFile("compressed_SqueezeNet.net");
      const out = join(folder, "compressed_SqueezeNet.net");
      const { stdout } = await firebrick("compress", model, "-o", out);
      expect(stdout).toMatch(/file 675,763 bytes: 7.4x smaller than float32, 355x smaller than AlexNet/);
      expect(statSync(out).size).toBe(675_763);
      const [own, written] = [importModel(model), importModel(out)];
      const constants = (graph: Graph) =>
        graph.nodes.flatMap(({ kind, inputs }) =>
          kind === "conv" ? inputs.slice(1).map((id) => graph.tensors.get(id)?.data) : [],
        );
      const hashed = (graph: Graph) =>
        constants(graph).map((data) => createHash("sha256").update(data!).digest("hex"));
      expect(hashed(written)).toEqual(hashed(own));
      expect(hashed(own).length).toBe(52);
      const shapes = (graph: Graph) =>
        graph.nodes
          .filter(({ kind }) => kind !== "identity")
          .map(({ name, kind, output }) => [name, kind, graph.tensors.get(output)?.shape]);
      expect(shapes(written)).toEqual(shapes(own));
    }));
});
