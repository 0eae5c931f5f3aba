import { expect, it } from "vitest";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import { seededInteger } from "../networks/hardware.ts";

it("takes no more maps than its address reaches, however many bytes it may have", () => {
  const b = buildNetwork("wide", { height: 160, width: 160, channels: 8 });
  let map = b.input;
  for (const name of ["one", "two", "three", "four"])
    map = b.maxPool(`${name}_pool`, b.conv(name, map, 24, { kernel: 3 }), { kernel: 3, stride: 1 });
  b.globalAverage("average", b.conv("narrow", map, 8, { kernel: 3, stride: 2 }));
  const plan = schedule(seededInteger(b.finish(), 3), {
    ...{ pk: 8, pc: 8, busBytes: 8 },
    buffers: { mapBytes: Infinity },
  });
  // 160 x 160 pixels of 24 channels are 76,800 beats, 80 x 80 of 8 are 6,400
  const beats = plan.blocks.map(({ destination }) => (destination.rows * destination.rowPitch) / 8);
  expect(Math.max(...beats)).toBeGreaterThan(65_536);
  expect(plan.hardware.chipDepth).toBeLessThanOrEqual(65_536);
  expect(plan.blocks.map(({ destination }) => destination.region)).toContain("workspace");
  expect(plan.blocks.map(({ destination }) => destination.region)).toContain("chip");
});
