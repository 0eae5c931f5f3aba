/** The real network in Deep Compression's format. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importModel } from "../../src/1-import/index.ts";
import { formatInspect, inspectModel } from "../../src/inspect.ts";
import { squeezenetFile, squeezenetFolder } from "../support/squeezenet.ts";
import { expectFloatLogits } from "./float-logits.ts";

const model = squeezenetFile("compressed_SqueezeNet.net");

describe.runIf(existsSync(squeezenetFolder))("SqueezeNet v1.0 as Deep Compression stores it", () => {
  it("has the pack's counts", () => {
    const inspection = inspectModel(model);
    expect(inspection.problems).toEqual([]);
    expect(inspection).toMatchObject({ parameters: 1248424, nonzeroWeights: 415921, storedEntries: 422083 });
    expect(inspection.layers[0]).toMatchObject({ name: "conv1", storedEntries: 13902, codesUsed: 255 });
    // Each count is the sum of its layers'.
    for (const what of ["nonzeroWeights", "storedEntries"] as const) {
      const sum = inspection.layers.reduce((total, layer) => total + (layer[what] ?? 0), 0);
      expect(sum).toBe(inspection[what]);
    }
    const text = formatInspect(inspection);
    expect(text).toContain("422,083 stored entries, 415,921 non-zero weights, density 33.4 %");
    expect(text).toMatch(/^conv1 +Convolution .* 13,902 +98\.5 % +255$/m);
  });

  it("makes the pools' sizes that Caffe's rounding up makes", () => {
    const graph = importModel(model);
    const pools = graph.nodes.flatMap((node) => (node.kind === "max-pool" ? [node] : []));
    expect(pools.map((node) => graph.tensors.get(node.output)?.shape[1])).toEqual([55, 27, 13]);
    expect(pools.map((node) => node.padding.bottom)).toEqual([0, 0, 0]);
    expect(graph.preprocess).toEqual({
      mean: [104, 117, 123],
      std: [1, 1, 1],
      channelOrder: "bgr",
      resize: 256,
    });
  });

  // On the others: deep-compression.campaign.test.ts.
  it("equals float_logits on a packed input", () => expectFloatLogits([4]));
});
