/** A whole QDQ network: golden model against ONNX Runtime, then the hardware against the golden model. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { firebrick, inTemporaryFolder } from "../cli/helper.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { quantisedClassifier, quantisedResidual } from "../support/onnx-quantised.ts";
import { generator } from "../support/onnx-runtime.ts";

interface Simulated {
  readonly inputs: readonly { readonly bitExact: boolean; readonly cycles: number }[];
}

it("agrees with ONNX Runtime at its logits", async () => {
  const draft = quantisedClassifier(generator(3));
  const { graph, values, different, largest } = await compareWithOnnx(
    draft,
    [1, 8, 12, 12],
    "int8",
    generator(17),
  );
  expect(graph.nodes.map((node) => node.kind)).toEqual([
    "conv",
    "depthwise",
    "conv",
    "depthwise",
    "mean",
    "conv",
  ]);
  expect(graph.rounding).toBe("float32");
  expect(values).toBe(1000);
  expect(largest).toBeLessThanOrEqual(1);
  expect(different / values).toBeLessThanOrEqual(0.001);
});

it("leaves float ends and a float Softmax to the host", () => {
  const draft = new OnnxDraft();
  const scale = [draft.constant("s", [], [0.05]), draft.constant("z", [], [3], "uint8")];
  const requantised = (name: string) => {
    draft.node("QuantizeLinear", [name, ...scale], `${name}/q`);
    return draft.node("DequantizeLinear", [`${name}/q`, ...scale], `${name}/d`);
  };
  const filters = draft.constant("w/q", [3, 2, 1, 1], [1, 2, 3, -4, 5, -6], "int8");
  const unit = [draft.constant("ws", [], [0.01]), draft.constant("wz", [], [0], "int8")];
  const weights = draft.node("DequantizeLinear", [filters, ...unit], "w");
  draft.node("Conv", [requantised(draft.input("x", ["N", 2, 4, 4])), weights], "c");
  draft.node("GlobalAveragePool", [requantised("c")], "g");
  draft.node("Flatten", [requantised("g")], "f");
  draft.node("Softmax", ["f"], "y");
  const graph = lower(runPasses(draft.import(["y"])));
  expect(graph.nodes.map((node) => node.kind)).toEqual(["conv", "mean", "reshape"]);
  expect(graph.tail?.nodes.map((node) => node.kind)).toEqual(["dequantize", "real-softmax"]);
  expect(graph.maps.get(graph.input)).toMatchObject({
    scale: Math.fround(0.05),
    zeroPoint: -125,
    dtype: "uint8",
  });
  expect(graph.maps.get(graph.logits)).toMatchObject({ channels: 3, scale: Math.fround(0.05) });
});

it("hands over a last Softmax as floats in every command, with the names of its classes", () =>
  inTemporaryFolder(async (folder) => {
    const [model, input, labels] = ["net.onnx", "in.bin", "labels.txt"].map((name) => join(folder, name));
    const draft = quantisedClassifier(generator(3));
    const scale = [draft.constant("last", [], [0.0303]), draft.constant("last/zero", [], [4], "int8")];
    draft.node("Softmax", [draft.node("DequantizeLinear", ["y", ...scale], "real")], "shares");
    writeFileSync(model!, draft.write(["shares"]));
    writeFileSync(
      input!,
      Int8Array.from({ length: 8 * 144 }, (_, i) => ((i * 37) % 256) - 128),
    );
    writeFileSync(labels!, Array.from({ length: 10 }, (_, i) => `class ${i}`).join("\n"));
    const outputs: Float32Array[] = [];
    for (const command of [["golden"], ["simulate", "--array", "4x4"]]) {
      const out = join(folder, command[0]!);
      const [name, ...rest] = [
        ...command,
        model!,
        "--input",
        input!,
        "--labels",
        labels!,
        "--dump-outputs",
        out,
        "--json",
      ];
      const { status, stdout } = await firebrick(name, ...rest);
      expect(status).toBe(0);
      const shares = new Float32Array(Uint8Array.from(readFileSync(join(out, "in.output0.bin"))).buffer);
      outputs.push(shares);
      const report = JSON.parse(stdout) as { readonly inputs: readonly { readonly top: readonly Top[] }[] };
      const best = Array.from(shares.keys()).sort((a, b) => shares[b]! - shares[a]! || a - b);
      expect(report.inputs[0]?.top.map(({ label }) => label)).toEqual(
        best.slice(0, 5).map((i) => `class ${i}`),
      );
      for (const { index, score } of report.inputs[0]?.top ?? []) expect(shares[index]).toBeCloseTo(score, 5);
    }
    expect(outputs[0]!.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
    expect(outputs[1]).toEqual(outputs[0]);
  }));

interface Top {
  readonly index: number;
  readonly label: string;
  readonly score: number;
}

const MANY_DIGITS = [0.0323171, 0.0417123, 0.0517319] as const;
const TIES = [0.04, 0.04, 0.08] as const;

it("adds in integers where these come to ONNX Runtime's sums, in float32 elsewhere", async () => {
  for (const [scales, kind] of [
    [MANY_DIGITS, "add"],
    [TIES, "float-add"],
  ] as const) {
    const draft = quantisedResidual(generator(5), scales);
    const agreement = await compareWithOnnx(draft, [1, 8, 6, 6], "int8", generator(23));
    const { graph, values, different, largest } = agreement;
    expect(graph.nodes.map((node) => node.kind)).toEqual(["conv", "conv", kind]);
    expect(graph.nodes[2]).toMatchObject({ min: -37, max: 127 });
    expect(values).toBe(28_800);
    expect(largest).toBeLessThanOrEqual(1);
    expect(different / values).toBeLessThanOrEqual(0.001);
  }
});

it("says which adds the accelerator cannot do", () =>
  inTemporaryFolder(async (folder) => {
    const model = join(folder, "net.onnx");
    writeFileSync(model, quantisedResidual(generator(5), TIES).write(["y"], "int8"));
    const { status, stderr } = await firebrick("compile", model, "-o", join(folder, "out"), "--array", "8x8");
    expect(status).toBe(2);
    expect(stderr).toContain("an ADD whose sums fall on ties");
    expect(stderr).toContain("scales whose ratios have more digits");
  }));

const NETWORKS = [
  ["a classifier", 8 * 144, () => quantisedClassifier(generator(3))],
  ["a residual block", 8 * 36, () => quantisedResidual(generator(5), MANY_DIGITS)],
] as const;

it.each(NETWORKS)(
  "%s is the same through the RTL",
  (_, size, make) =>
    inTemporaryFolder(async (folder) => {
      const [model, input] = [join(folder, "net.onnx"), join(folder, "x.bin")];
      const next = generator(29);
      writeFileSync(model, make().write(["y"], "int8"));
      writeFileSync(
        input,
        Uint8Array.from({ length: size }, () => Math.floor(256 * next())),
      );
      const { status, stdout } = await firebrick(
        "simulate",
        model,
        "--input",
        input,
        "--array",
        "8x8",
        "--json",
      );
      expect(status).toBe(0);
      const { inputs } = JSON.parse(stdout) as Simulated;
      expect(inputs[0]).toMatchObject({ bitExact: true });
    }),
  300_000,
);
