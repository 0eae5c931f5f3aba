import { describe, expect, it } from "vitest";
import { logitsOf, topK } from "../../src/golden/logits.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { intGraph, intMap, nodeBase } from "./helpers.ts";

function chain(dtype: "int8" | "uint8"): IntGraph {
  return intGraph(
    [
      intMap({ id: 0, height: 2, dtype }),
      intMap({ id: 1, channels: 2, dtype }),
      intMap({ id: 2, channels: 2, dtype }),
    ],
    [
      { ...nodeBase, kind: "reshape", inputs: [0], output: 1 },
      {
        ...nodeBase,
        kind: "rescale",
        inputs: [1],
        output: 2,
        rescaling: { multiplier: 2 ** 30, exponent: 2 },
      },
    ],
  );
}

describe("runGolden", () => {
  it("keeps the values of every map", () => {
    const result = runGolden(chain("int8"), Int8Array.of(5, -6));
    expect([...result.maps.keys()]).toEqual([0, 1, 2]);
    expect(result.maps.get(2)).toEqual(Int8Array.of(10, -12));
  });

  it("refuses an input of another size", () => {
    expect(() => runGolden(chain("int8"), new Int8Array(3))).toThrow("wrong size");
  });

  it("gives the logits in the model's own type", () => {
    expect(logitsOf(runGolden(chain("uint8"), Int8Array.of(5, -6)))).toEqual(Uint8Array.of(138, 116));
    expect(logitsOf(runGolden(chain("int8"), Int8Array.of(5, -6)))).toEqual(Int8Array.of(10, -12));
  });
});

it("topK takes the lowest index among equal logits", () => {
  expect(topK(Uint8Array.of(3, 9, 9, 200, 9), 3, ["a", "b", "c", "d"])).toEqual([
    { index: 3, label: "d", score: 200 },
    { index: 1, label: "b", score: 9 },
    { index: 2, label: "c", score: 9 },
  ]);
  expect(topK(Int8Array.of(-5), 5, undefined)).toEqual([{ index: 0, label: "0", score: -5 }]);
});
