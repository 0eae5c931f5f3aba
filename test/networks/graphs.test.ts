/** Random graphs, in the golden model and through the hardware; more: `npm run fuzz:graphs`. */
import { describe, expect, it } from "vitest";
import { describeGraphs, differences } from "./graphs.ts";

it("the golden model says what the reference kernels' definitions say of random graphs", () => {
  const found = Array.from({ length: 40 }, (_, i) => differences(1 + i, 12)).flat();
  expect(found).toEqual([]);
});

describe("through the hardware", () => {
  describeGraphs(1, 8, 10, "8x8", "bytes=16,latency=40", false);
  describeGraphs(201, 6, 10, "4x8", "bytes=8,latency=25", true);
});
