import { describe, expect, it } from "vitest";
import { runFloat } from "../../../src/3-quantise/float-run.ts";
import { foldPictures } from "../../../src/3-quantise/ptq/pictures.ts";
import type { Padding } from "../../../src/ir/graph.ts";
import { GraphDraft, noPadding, plainWindow } from "../../support/graphs.ts";
import { codesOf } from "../../support/problems.ts";

/** A 2x2 convolution of a [1, 3, 3, 3] picture with two outputs. */
function network(padding: Padding, size: number) {
  const draft = new GraphDraft();
  const x = draft.map("x", [1, 3, 3, 3]);
  const y = draft.map("y", [1, size, size, 2]);
  const values = Array.from({ length: 24 }, (_, i) => ((i * 7) % 11) - 5);
  const inputs = [x, draft.floats("w", [2, 2, 2, 3], values), draft.floats("b", [2], [3, -4])];
  draft.node({
    ...{ kind: "conv", name: "c", sources: [], inputs, output: y, groups: 1, activation: "none" },
    ...{ ...plainWindow, kernel: [2, 2], padding },
  });
  return { graph: draft.graph([x], [y]), y };
}

const pixels = Uint8Array.from({ length: 27 }, (_, i) => (i * 29) % 256);
const bgr = { mean: [104, 117, 123], std: [2, 4, 8], channelOrder: "bgr", resize: 256 } as const;
/** What the network itself reads: B, G, R minus mean over std. */
const ownInput = Float32Array.from({ length: 27 }, (_, i) => {
  const c = i % 3;
  return (pixels[i - c + 2 - c]! - bgr.mean[c]!) / bgr.std[c]!;
});

describe("folding pictures into the first layer", () => {
  it("is exact without padding: mean, scale and B, G, R order", () => {
    const { graph, y } = network(noPadding, 2);
    const folded = foldPictures(graph, bgr);
    const wanted = runFloat(graph, ownInput).get(y)!;
    const found = runFloat(folded.graph, Float32Array.from(pixels)).get(y)!;
    expect([folded.zeroPoint, folded.paddingError]).toEqual([0, 0]);
    wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 3));
    expect(folded.graph.preprocess).toEqual({
      ...{ mean: [0, 0, 0], std: [1, 1, 1], channelOrder: "rgb", resize: 256 },
    });
  });

  it("pads with the mean pixel, which is exact for equal whole means", () => {
    const { graph, y } = network({ top: 1, left: 1, bottom: 0, right: 0 }, 3);
    const grey = { mean: [115], std: [2], channelOrder: "rgb" } as const;
    const folded = foldPictures(graph, grey);
    const wanted = runFloat(
      graph,
      Float32Array.from(pixels, (p) => (p - 115) / 2),
    ).get(y)!;
    const found = runFloat(
      folded.graph,
      Float32Array.from(pixels, (p) => p - folded.zeroPoint),
    ).get(y)!;
    expect([folded.zeroPoint, folded.paddingError]).toEqual([115, 0]);
    wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 3));
    expect(foldPictures(graph, bgr)).toMatchObject({ zeroPoint: 115, paddingError: 11 });
  });

  it("refuses inputs that something else reads, and channels that are no picture", () => {
    const draft = new GraphDraft();
    const x = draft.map("x", [1, 2, 2, 3]);
    const y = draft.map("y", [1, 2, 2, 3]);
    draft.node({ kind: "relu", name: "r", sources: [], inputs: [x], output: y });
    expect(codesOf(() => foldPictures(draft.graph([x], [y]), bgr))).toEqual(["unfoldable-input"]);
    const { graph } = network(noPadding, 2);
    expect(codesOf(() => foldPictures(graph, { ...bgr, std: [1, 0, 1] }))).toEqual(["picture-channels"]);
  });
});
