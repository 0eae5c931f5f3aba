/** Repeated pixels: of a map alone, and the image pooling of DeepLab, one pixel for the whole map. */
import { expect, it } from "vitest";
import { OperatorCode, OptionsType, ResizeBilinearField } from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";
import { accelerators, expectBitExact, noise } from "./accelerator.ts";

const accelerator = accelerators();

function imagePooling(height: number, width: number): IntGraph {
  const draft = new Draft();
  const map = (h: number, w: number, c: number) => draft.map(`map ${draft.tensors.length}`, [1, h, w, c]);
  const input = map(height, width, 3);
  const pooled = draft.pool(OperatorCode.AVERAGE_POOL_2D, input, map(1, 1, 3), [height, width], {
    padding: "VALID",
    stride: [height, width],
  });
  const pixel = draft.conv(pooled, map(1, 1, 6), [6, 1, 1, 3]);
  const size = draft.ints("size", [2], [height, width]);
  const whole = draft.operator(
    OperatorCode.RESIZE_BILINEAR,
    [pixel, size],
    map(height, width, 6),
    OptionsType.ResizeBilinearOptions,
    [byte(ResizeBilinearField.alignCorners, 1)],
  );
  const beside = draft.conv(input, map(height, width, 10), [10, 3, 3, 3]);
  const both = draft.operator(
    OperatorCode.CONCATENATION,
    [whole, beside],
    map(height, width, 16),
    OptionsType.ConcatenationOptions,
    [int(0, 3)],
  );
  const output = draft.conv(both, map(height, width, 5), [5, 1, 1, 16]);
  return lower(runPasses(draft.import([input], [output])));
}

it("alone is bit exact: the accelerator moves what no layer follows", async () => {
  const draft = new Draft();
  const input = draft.map("in", [1, 3, 4, 6]);
  const size = draft.ints("size", [2], [6, 12]);
  const code = OperatorCode.RESIZE_NEAREST_NEIGHBOR;
  const output = draft.map("out", [1, 6, 12, 6]);
  draft.operator(code, [input, size], output, OptionsType.ResizeNearestNeighborOptions);
  const graph = lower(runPasses(draft.import([input], [output])));
  expect(graph.nodes.map(({ kind }) => kind)).toEqual(["repeat"]);
  const hardware = accelerator([graph], "4x4", "bytes=8");
  expect(hardware.plans[0]?.hostNodes).toEqual([]);
  expectBitExact(await hardware.run(0, [noise(graph, 1)]));
});

it("is bit exact, of more copies than a program holds blocks", async () => {
  const graph = imagePooling(17, 18);
  const hardware = accelerator([graph], "4x4", "bytes=8");
  expect(hardware.plans[0]?.blocks.length).toBeLessThan(40);
  expectBitExact(await hardware.run(0, [noise(graph, 1)]));
});
