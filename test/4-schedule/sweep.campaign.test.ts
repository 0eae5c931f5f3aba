/** Networks on every array, both buses, packed or not: each has a plan. `npm run plans` predicts them too, for all networks. */
import { expect, it } from "vitest";
import { planSweep } from "../../sim/figures/plan-sweep.ts";
import { loadModel } from "../../src/load.ts";

it.each(["mobilenet-v1-0.5-160", "mobilenet-v2-0.35-96", "mobilenet-v2-0.75-160", "squeezenet-1.1"])(
  "%s",
  (name) => {
    expect(planSweep(loadModel(name), () => false)).toEqual({ planned: 64, refused: [], failed: [] });
  },
);
