/** Networks on every array, both buses, packed or not: each has a plan that ends, or a reason. `npm run plans` does it for all. */
import { expect, it } from "vitest";
import { planSweep } from "../../sim/figures/plan-sweep.ts";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { buildNetwork, type Network } from "../../src/ir/builder.ts";
import { loadModel } from "../../src/load.ts";
import { seededInteger } from "../networks/hardware.ts";
import { sketch } from "../networks/sketch.ts";

const all = { planned: 64, refused: [], failed: [] };
const memory = { bytes: 16, latency: 40, outstanding: 16 };

it.each(["pictures", "mobilenet-v1-0.25-32"])("%s, predicted too", (name) => {
  expect(planSweep(loadModel(name), () => true)).toEqual(all);
});

// Larger ones of both kinds: sweep.campaign.test.ts.
it.each(["mobilenet-v2-0.35-32", "squeezenet-1.1-64"])("%s", (name) => {
  expect(planSweep(loadModel(name), () => false)).toEqual(all);
});

it("lists what is refused", () => {
  const { planned, refused, failed } = planSweep(
    sketch("wide", [1, 300, 4])
      .conv(4, { kernel: [1, 300] })
      .graph(),
    () => true,
  );
  expect({ planned, failed }).toEqual({ planned: 0, failed: [] });
  expect(refused[0]).toContain(
    "4x4, 64 bits: InputError: no-hardware: conv_0: phase 0: kernel width: found 300",
  );
});

/** A pool that leaves columns out behind more groups than a write of the array has: its rows end with nothing. */
function dropped(kernel: 2 | 3, width: number): Network {
  const b = buildNetwork("dropped", { height: 13, width, channels: 8 });
  const map = b.conv("first", b.input, 32, { kernel: 1, activation: "relu" });
  const pooled = b.maxPool("pool", map, { kernel, stride: 2, rounding: "floor" });
  b.softmax("scores", b.conv("classes", b.globalAverage("average", pooled), 10, { kernel: 1 }));
  return b.finish();
}

it.each([
  [2, 13],
  [2, 12],
  [3, 12],
  [3, 13],
] as const)("a %d-wide pool over %d columns ends", (kernel, width) => {
  for (const pk of [4, 8, 16] as const) {
    const plan = schedule(seededInteger(dropped(kernel, width), 3), { pk, pc: 8, busBytes: 16 });
    expect(predict(plan, memory).cycles).toBeGreaterThan(0);
  }
});
