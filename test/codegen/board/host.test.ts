/** What a board's project says of the host's part. */
import { expect, it } from "vitest";
import {
  ConcatenationField,
  OperatorCode,
  OptionsType,
  TensorType,
} from "../../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../../src/2-passes/pipeline.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { compileModel } from "../../support/compiled.ts";
import { Draft, int } from "../../support/tflite-draft.ts";

/** Text files of a project whose network ends with what `tail` makes of a convolution's map [1, 4, 4, 4]. */
function project(tail: (draft: Draft, map: number) => number): ReadonlyMap<string, string> {
  const draft = new Draft();
  const input = draft.map("in", [1, 4, 4, 3]);
  const map = draft.conv(input, draft.map("map", [1, 4, 4, 4]), [4, 1, 1, 3]);
  const graph = lower(runPasses(draft.import([input], [tail(draft, map)])));
  const board = boardByName("pynq-z2");
  const { files } = compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8, board });
  return new Map([...files].map(([path, content]) => [path, String(content)]));
}

const concat = (draft: Draft, map: number) =>
  draft.operator(
    OperatorCode.CONCATENATION,
    [map, map],
    draft.map("rows", [1, 8, 4, 4]),
    OptionsType.ConcatenationOptions,
    [int(ConcatenationField.axis, 1)],
  );

it("the driver computes it, and Makefile, manifest and README say so", () => {
  const files = project(concat);
  expect(files.get("README.md")).toContain("## What the host computes\n- rows (concat)\n");
  expect(files.get("README.md")).toContain("`fb_get_results` in `driver/firebrick_host.c` computes it");
  expect(files.get("Makefile")).toContain("driver: driver/firebrick.o driver/firebrick_host.o\n");
  expect(files.get("manifest.json")).toContain("driver/firebrick_host.c");
  expect(files.get("driver/firebrick_host.h")).toContain("/* output0: rows */\n");
  expect(files.get("driver/firebrick_host.h")).toContain("int8_t output0[128];\n");
  expect(files.get("driver/firebrick_host.h")).toContain("/* The host computes: rows (concat) */\n");
  // no function that nothing calls
  expect(files.get("driver/firebrick_host.c")).not.toContain("softmax");
});

it("a network without a host's part has its outputs in their own types all the same", () => {
  const files = project((_, map) => map);
  expect(files.get("README.md")).not.toContain("What the host computes");
  expect(files.get("driver/firebrick_host.h")).not.toContain("The host computes");
  expect(files.get("driver/firebrick_host.h")).toContain("int8_t output0[64];\n");
});

it("says where it has no function for what the host computes", () => {
  const files = project((draft, map) => {
    const real = (name: string, shape: readonly number[]) =>
      draft.tensor({ name, shape, type: TensorType.FLOAT32 });
    const rows = real("real", [1, 8, 4, 4]);
    draft.operator(OperatorCode.DEQUANTIZE, [concat(draft, map)], rows, OptionsType.DequantizeOptions);
    // seven axes, one more than the driver counts along
    const shape = [1, 1, 2, 2, 2, 4, 4];
    const shaped = draft.operator(
      OperatorCode.RESHAPE,
      [rows],
      real("shaped", shape),
      OptionsType.ReshapeOptions,
    );
    return draft.operator(OperatorCode.LOGISTIC, [shaped], real("gates", shape));
  });
  expect(files.get("README.md")).toContain("- rows (concat)\n- real (dequantize)\n- gates (function)\n");
  expect(files.get("README.md")).toContain("The driver has no functions for all of these");
  expect(files.get("Makefile")).toContain("driver: driver/firebrick.o\n");
  expect([...files.keys()].filter((path) => path.includes("firebrick_host"))).toEqual([]);
});
