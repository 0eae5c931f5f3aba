/** What a plan has to hold before anything is made of it. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../src/4-schedule/plan.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { verifyPlan } from "../../src/4-schedule/verify-plan.ts";
import type { IntPool } from "../../src/ir/integer.ts";
import { intGraph, intMap, nodeBase } from "../golden/helpers.ts";
import { sketch } from "../networks/sketch.ts";

const k1 = { kernel: [1, 1] } as const;
const array = { pk: 4, pc: 4, busBytes: 8 } as const;
let plan: Plan;

beforeAll(() => {
  const graph = sketch("plan", [6, 6, 4])
    .conv(8, { kernel: [3, 3], same: true })
    .depthwise({ kernel: [3, 3], same: true })
    .conv(8, k1)
    .graph();
  plan = schedule(graph, array);
});

/** The plan with a block changed. */
function changed(index: number, change: (block: Plan["blocks"][number]) => object): Plan {
  return {
    ...plan,
    blocks: plan.blocks.map((block, i) => (i === index ? { ...block, ...change(block) } : block)),
  };
}

describe("a plan that contradicts itself is a bug", () => {
  it.each([
    [
      "source",
      ({ source }: Plan["blocks"][number]) => ({ source: { ...source, width: 7 } }),
      "reads 6x6x8 of a map of 6x7x8",
    ],
    [
      "destination",
      ({ destination }: Plan["blocks"][number]) => ({ destination: { ...destination, rows: 5 } }),
      "writes 6x6x8 to a map of 5x6x8",
    ],
    [
      "between",
      ({ phases }: Plan["blocks"][number]) => ({
        phases: phases.map((p, i) => (i === 1 ? { ...p, inputWidth: 5 } : p)),
      }),
      "phase 1 reads 6x5x8, phase 0 makes 6x6x8",
    ],
    [
      "rows",
      ({ phases }: Plan["blocks"][number]) => ({ phases: phases.map((p) => ({ ...p, sourceSlots: 0 })) }),
      "phase 0 has 0 of 3 rows",
    ],
    [
      "pixels",
      ({ phases }: Plan["blocks"][number]) => ({ phases: phases.map((p) => ({ ...p, sourcePitch: 6 })) }),
      "pixels of phase 0 begin where a patch word",
    ],
    [
      "rows that nothing reads",
      ({ phases }: Plan["blocks"][number]) => ({
        phases: phases.map((p, i) => (i === 1 ? { ...p, inputRows: 7 } : { ...p, outputRows: 7 })),
      }),
      "phase 1 reads 6 of 7 rows",
    ],
  ])("%s", (_what, change, message) => {
    expect(() => verifyPlan(changed(1, change))).toThrow(message);
  });

  it("in its buffers too", () => {
    const small = { ...plan, hardware: { ...plan.hardware, weightDepth: 16 } };
    expect(() => verifyPlan(small)).toThrow("words in a ring of 16");
  });
});

describe("a network that the program cannot hold", () => {
  it("is refused with the number that is too large", () => {
    const wide = sketch("wide", [1, 300, 4])
      .conv(4, { kernel: [1, 300] })
      .graph();
    expect(() => schedule(wide, array)).toThrow(
      /^no-hardware: conv_0: phase 0: kernel width: found 300; supported: 0 to 255 in the accelerator's program/,
    );
  });
});

it("refuses padding above that needs more row banks than a slot's number reaches", () => {
  const pool: IntPool = {
    ...{ ...nodeBase, kind: "average-pool", kernel: [250, 1], stride: [50, 1], min: -128, max: 127 },
    padding: { top: 200, left: 0, bottom: 0, right: 0 },
  };
  const maps = [intMap({ id: 0, height: 200, width: 3 }), intMap({ id: 1, height: 4, width: 3 })];
  expect(() => schedule(intGraph(maps, [pool]), array)).toThrow(
    /no-hardware: test: found 256 row banks of line buffer 0; supported: at most 128/,
  );
});
