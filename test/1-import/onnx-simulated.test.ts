/** A whole QDQ network: golden model against ONNX Runtime, then the hardware against the golden model. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { firebrick, inTemporaryFolder } from "../cli/helper.ts";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { quantisedClassifier } from "../support/onnx-quantised.ts";
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
  expect(graph.rounding).toBe("nearest-even");
  expect(values).toBe(1000);
  expect(largest).toBeLessThanOrEqual(1);
  expect(different / values).toBeLessThanOrEqual(0.001);
});

it(
  "is the same through the RTL",
  () =>
    inTemporaryFolder(async (folder) => {
      const [model, input] = [join(folder, "net.onnx"), join(folder, "x.bin")];
      const next = generator(29);
      writeFileSync(model, quantisedClassifier(generator(3)).write(["y"], "int8"));
      writeFileSync(
        input,
        Uint8Array.from({ length: 8 * 144 }, () => Math.floor(256 * next())),
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
