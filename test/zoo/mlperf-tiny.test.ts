import { describe, expect, it } from "vitest";
import { countNetwork } from "../../src/ir/builder.ts";
import { describeZoo, zoo } from "../../src/zoo/index.ts";
import { normalisedChannels } from "./folded.ts";

describe("MLPerf Tiny", () => {
  it.each([
    // Parameters of Keras's models in mlcommons/tiny, batch normalisation included; products of the files of the benchmark
    { name: "mlperf-tiny-vww", keras: 221_794, macs: 7_489_664, plain: /Logits/ },
    { name: "mlperf-tiny-ic", keras: 78_666, macs: 12_501_632, plain: /shortcut|logits/ },
    { name: "mlperf-tiny-kws", keras: 24_908, macs: 2_656_768, plain: /logits/ },
    { name: "mlperf-tiny-ad", keras: 269_992, macs: 264_192, plain: /reconstruction/ },
  ])("has the counts of $name", ({ name, keras, macs, plain }) => {
    const network = describeZoo(name);
    const counts = countNetwork(network);
    expect(counts.macs).toBe(macs);
    const channels = normalisedChannels(network, (layer) => plain.test(layer));
    // layers have a bias in front of their normalisation
    expect(counts.parameters + 4 * channels).toBe(keras);
  });

  it("has two classes, ten, twelve, and 640 values as large as they went in", () => {
    const results = ["vww", "ic", "kws", "ad"].map((task) => {
      const { layers, outputs } = describeZoo(`mlperf-tiny-${task}`);
      return [outputs[0]?.channels, layers.at(-1)?.kind];
    });
    expect(results).toEqual([
      [2, "softmax"],
      [10, "softmax"],
      [12, "softmax"],
      [640, "conv"],
    ]);
    expect(() => zoo("mlperf-tiny-kw")).toThrow("did you mean mlperf-tiny-kws");
  });
});
