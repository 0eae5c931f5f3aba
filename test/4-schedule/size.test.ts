/** What every plan keeps to, on networks of all kinds and arrays of all sizes. */
import { describe, expect, it } from "vitest";
import type { Block, Phase, Plan } from "../../src/4-schedule/plan.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { checkArray, pooled, type ArrayOptions } from "../../src/4-schedule/size.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { buildNetwork, type Network } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { zoo } from "../../src/zoo/index.ts";
import { seededInteger } from "../networks/hardware.ts";

/** Fire, depthwise, residuals and pools, wide enough to stream on every array. */
function mixed(): Network {
  const b = buildNetwork("mixed", { height: 27, width: 19, channels: 3 });
  const conv = b.conv("conv", b.input, 48, { kernel: 7, stride: 2, activation: "relu" });
  let map = b.maxPool("pool1", conv, { kernel: 3, stride: 2 });
  for (const i of [1, 2]) {
    const squeeze = b.conv(`s${i}`, map, 30, { kernel: 1, activation: "relu" });
    map = b.concat(`f${i}`, [
      b.conv(`a${i}`, squeeze, 64, { kernel: 1, activation: "relu" }),
      b.conv(`b${i}`, squeeze, 180, { kernel: 3, padding: 1, activation: "relu" }),
    ]);
    if (i === 1) map = b.maxPool("pool2", map, { kernel: 2, stride: 2 });
  }
  const deep = b.conv("project", b.depthwise("deep", map, { kernel: 3 }), 244, { kernel: 1 });
  const sum = b.add("add", deep, map);
  b.globalAverage("average", b.add("add2", sum, b.conv("same", sum, 244, { kernel: 3, padding: 1 })));
  return b.finish();
}

const networks: readonly (readonly [string, IntGraph])[] = [
  ["mixed", seededInteger(mixed(), 1)],
  ["mobilenet-v1-0.25-128", lower(runPasses(zoo("mobilenet-v1-0.25-128")))],
];
const arrays: readonly ArrayOptions[] = [
  { pk: 4, pc: 4, busBytes: 8 },
  { pk: 8, pc: 8, busBytes: 16 },
  { pk: 16, pc: 4, busBytes: 8 },
  { pk: 4, pc: 16, busBytes: 16 },
  { pk: 32, pc: 32, busBytes: 16 },
];

/** Weight words of one pass over a phase's groups. */
const words = ({ centre, segment, wordsPerGroup }: Phase): number =>
  (centre ? centre.groups * centre.wordsPerGroup : 0) + (segment?.groups ?? 0) * wordsPerGroup;

function checkWeights({ hardware }: Plan, { phases, streamed, passes }: Block): void {
  const last = phases.at(-1)!;
  const all = phases.reduce((sum, phase) => sum + words(phase), 0);
  // half of the ring, so that the next block's arrive meanwhile
  if (!streamed) {
    expect([all <= hardware.weightDepth / 2, passes, last.tileGroups]).toEqual([true, 1, last.groups]);
    return;
  }
  expect(all).toBeGreaterThan(hardware.weightDepth / 2);
  expect(passes).toBe(Math.ceil(last.outputRows / last.stripRows));
  const first = phases.length > 1 ? words(phases[0]!) : 0;
  expect(first + last.wordsPerGroup).toBeLessThanOrEqual(hardware.weightDepth);
  expect(Math.max(1, last.tileGroups) * last.wordsPerGroup).toBeLessThanOrEqual(hardware.weightDepth);
}

function checkRows({ hardware }: Plan, { phases, streamed, pool, residual }: Block): void {
  const last = phases.at(-1)!;
  phases.forEach((phase, i) => {
    const { banks, depth } = hardware.lineBuffers[i]!;
    expect(phase.sourceSlots % banks).toBe(0);
    expect((phase.sourceSlots / banks) * phase.sourceRowWords).toBeLessThanOrEqual(depth);
    expect(phase.sourceLastBank).toBe((phase.sourceSlots / banks - 1) * phase.sourceRowWords);
    expect(phase.sourceSlots).toBeGreaterThanOrEqual(Math.min(phase.kernel[0], phase.inputRows));
    expect(phase.stripRows).toBe(last.stripRows);
  });
  if (streamed && phases.length > 1) {
    // a strip of the second phase reads its rows for every tile
    const rows = last.kernel[0] > 1 ? last.inputRows : last.stripRows;
    expect(last.sourceSlots).toBeGreaterThanOrEqual(rows);
  }
  // windows of a pool or of a second phase do not reach into another strip
  if (streamed && (pool || (phases.length > 1 && last.kernel[0] > 1)))
    expect(last.stripRows).toBe(last.outputRows);
  if (residual) {
    const rows = streamed ? Math.min(last.stripRows, last.outputRows) : 1;
    expect(residual.slots).toBeGreaterThanOrEqual(rows);
    expect(residual.slots * residual.rowWords).toBeLessThanOrEqual(hardware.residualDepth);
  }
  if (pool && hardware.pool) {
    expect(last.groups).toBeLessThanOrEqual(hardware.pool.groups);
    expect(pool.width * last.groups).toBeLessThanOrEqual(hardware.pool.depth);
  }
}

describe.each(networks)("a plan of %s", (_name, graph) => {
  it.each(arrays)("keeps to its hardware on $pk x $pc, $busBytes bytes a cycle", (array) => {
    const plan = schedule(graph, array);
    const { hardware } = plan;
    for (const size of [hardware.weightDepth, hardware.paramDepth]) expect(Math.log2(size) % 1).toBe(0);
    for (const block of plan.blocks) {
      checkWeights(plan, block);
      checkRows(plan, block);
      const last = block.phases.at(-1)!;
      const { destination } = block;
      expect(destination.pixelPitch).toBeGreaterThanOrEqual(destination.channels);
      // results fill whole pixels; tiles whole beats
      expect(last.groups * array.pk).toBeGreaterThanOrEqual(destination.channels);
      if (last.tileGroups < last.groups) {
        expect(destination.pixelPitch % array.busBytes).toBe(0);
        expect((last.tileGroups * array.pk) % array.busBytes).toBe(0);
      }
    }
  });
});

describe("sizes", () => {
  it("of a pooled map, the last window clipped when padding says so", () => {
    expect([pooled(7, 3, 0), pooled(8, 3, 0), pooled(8, 3, 1), pooled(5, 2, 0), pooled(5, 2, 1)]).toEqual([
      3, 3, 4, 2, 3,
    ]);
  });

  it.each([
    [5, 8],
    [8, 64],
    [0, 4],
  ])("of an array that is not built: %i x %i", (pk, pc) => {
    expect(() => checkArray({ pk, pc, busBytes: 8 })).toThrow(/array-size: --array: found/);
  });
});
