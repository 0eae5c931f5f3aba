import { describe, expect, it } from "vitest";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import { seededInteger } from "../networks/hardware.ts";

interface Deep {
  readonly kernel: number;
  readonly stride?: number;
  readonly channels: number;
}

/** Depthwise layers of their own, each behind a convolution that gives it its channels. */
function planOf(side: number, layers: readonly Deep[], pc: 4 | 8 | 16 | 32, packed = false) {
  const b = buildNetwork("test", { height: side, width: side, channels: 8 });
  let map = b.input;
  for (const [i, { kernel, stride, channels }] of layers.entries()) {
    map = b.conv(`wide${i}`, map, channels, { kernel: 1 });
    map = b.depthwise(`deep${i}`, map, { kernel, ...(stride === undefined ? {} : { stride }) });
    map = b.maxPool(`pool${i}`, map, { kernel: 2, stride: 1 });
  }
  b.globalAverage("average", map);
  const plan = schedule(seededInteger(b.finish(), 3), { pk: 8, pc, busBytes: 8, packed });
  const deep = layers.map((_, i) => plan.blocks.find(({ name }) => name.startsWith(`deep${i}`))?.phases[0]);
  return {
    window: plan.hardware.window,
    words: deep.map((phase) => (phase?.kind === "depthwise" ? phase.wordsPerGroup : null)),
  };
}

const [three, five] = [
  { kernel: 3, channels: 8 },
  { kernel: 5, channels: 8 },
];

describe("the window of the depthwise engine", () => {
  it("holds all kernels where the smaller ones take no longer in it", () => {
    expect(planOf(12, [three, five], 16)).toEqual({ window: [5, 5], words: [1, 2] });
    expect(planOf(12, [three, five], 8)).toEqual({ window: [5, 5], words: [2, 4] });
    expect(planOf(12, [three, five], 16, true)).toEqual({ window: [5, 5], words: [1, 2] });
  });

  it("is a smaller one where the array would take more than four cycles", () => {
    expect(planOf(12, [three, five], 4)).toEqual({ window: [3, 3], words: [3, null] });
    expect(planOf(12, [three, five], 8, true)).toEqual({ window: [3, 3], words: [2, null] });
  });

  it("is that with which all layers together take the fewest cycles", () => {
    // in a window of 7 columns 3 x 3 takes two words of 16 instead of one
    const seven = { kernel: 7, channels: 8 };
    expect(
      planOf(
        20,
        [
          { ...three, channels: 512 },
          { ...seven, channels: 8 },
        ],
        16,
      ).window,
    ).toEqual([3, 3]);
    expect(planOf(20, [three, { ...seven, channels: 64 }], 16)).toEqual({ window: [7, 7], words: [2, 4] });
  });

  it("is none where there is no depthwise layer", () => {
    expect(planOf(8, [], 16).window).toEqual([1, 1]);
  });
});
