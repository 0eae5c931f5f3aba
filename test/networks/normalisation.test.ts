/** Local response normalisation: quantised as a square, a convolution of ones, a table and a product, and through the hardware. */
import { expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { quantise } from "../../src/3-quantise/ptq/index.ts";
import { runNode } from "../../src/golden/run.ts";
import { integers } from "../golden/helpers.ts";
import { GraphDraft, plainWindow } from "../support/graphs.ts";
import { accelerators, expectBitExact, noise } from "./accelerator.ts";

const accelerator = accelerators();

it("follows the float network, and is bit exact", async () => {
  const draw = integers(3);
  const draft = new GraphDraft();
  const [image, made, normal, out] = [
    draft.map("image", [1, 6, 5, 3]),
    draft.map("made", [1, 6, 5, 12]),
    draft.map("normal", [1, 6, 5, 12]),
    draft.map("out", [1, 6, 5, 4]),
  ];
  const conv = (
    name: string,
    input: number,
    output: number,
    shape: readonly [number, number, number, number],
  ) => {
    const count = shape.reduce((a, b) => a * b);
    const weights = draft.floats(
      name,
      shape,
      Array.from({ length: count }, () => draw(-100, 100) / 100),
    );
    draft.node({
      ...{ kind: "conv", name, sources: [], inputs: [input, weights], output, groups: 1, activation: "none" },
      ...{ ...plainWindow, kernel: [shape[1], shape[2]] },
    });
  };
  conv("first", image, made, [12, 1, 1, 3]);
  const lrn = { kind: "lrn", size: 5, alpha: 0.5, beta: 0.75, bias: 1 } as const;
  draft.node({ ...lrn, name: "normalise", sources: [], inputs: [made], output: normal });
  conv("last", normal, out, [4, 1, 1, 12]);
  const pictures = Array.from({ length: 6 }, () =>
    Float32Array.from({ length: 90 }, () => draw(-100, 100) / 50),
  );
  const { graph, layers, summary } = await quantise(runPasses(draft.graph([image], [out])), pictures, {
    runNode,
  });
  expect(layers.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["normalise/square", "normalise/sum", "normalise/gain", "normalise"]),
  );
  expect(summary.logitsSnrDb).toBeGreaterThan(30);
  const hardware = accelerator([lower(runPasses(graph))], "8x8", "bytes=16,latency=40");
  expectBitExact(await hardware.run(0, [noise(hardware.plans[0]!.graph, 1)]));
});
