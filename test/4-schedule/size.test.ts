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

/** Expand, depthwise and project whose weights stay or stream, on maps of even and odd sides. */
function inverted(): Network {
  const b = buildNetwork("inverted", { height: 30, width: 31, channels: 3 });
  let map = b.conv("conv", b.input, 24, { kernel: 3, stride: 1 });
  for (const [i, channels, stride] of [
    [1, 24, 1],
    [2, 40, 2],
    [3, 160, 2],
    [4, 160, 1],
    [5, 330, 2],
    [6, 100, 1],
  ] as const) {
    const wide = b.conv(`e${i}`, map, 6 * map.channels, { kernel: 1, activation: "relu6" });
    const deep = b.depthwise(`d${i}`, wide, { kernel: i === 6 ? 5 : 3, stride, activation: "relu6" });
    map = b.conv(`p${i}`, deep, channels, { kernel: 1 });
  }
  b.globalAverage("average", map);
  return b.finish();
}

const networks: readonly (readonly [string, IntGraph])[] = [
  ["mixed", seededInteger(mixed(), 1)],
  ["inverted", seededInteger(inverted(), 1)],
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
const words = ({ centreTap, segment, wordsPerGroup }: Phase): number =>
  (centreTap ? centreTap.groups * centreTap.wordsPerGroup : 0) + (segment?.groups ?? 0) * wordsPerGroup;

function checkWeights({ hardware }: Plan, { phases, streamed, weightLoads }: Block): void {
  const last = phases.at(-1)!;
  const all = phases.reduce((sum, phase) => sum + words(phase), 0);
  // half of the ring, so that the next block's arrive meanwhile
  if (!streamed) {
    expect([all <= hardware.weightDepth / 2, weightLoads, last.tileGroups]).toEqual([true, 1, last.groups]);
    return;
  }
  expect(all).toBeGreaterThan(hardware.weightDepth / 2);
  expect(weightLoads).toBe(Math.ceil(last.outputRows / last.stripRows));
  if (phases.length === 2)
    expect(words(phases[0]!) + last.wordsPerGroup).toBeLessThanOrEqual(hardware.weightDepth);
  // a tile is whole in the rings while it is used
  for (const { kind, tileGroups, wordsPerGroup } of phases) {
    if (kind === "pack") continue;
    expect(Math.max(1, tileGroups) * wordsPerGroup).toBeLessThanOrEqual(hardware.weightDepth);
    expect(tileGroups).toBeLessThanOrEqual(hardware.paramDepth);
  }
}

function checkRows({ hardware }: Plan, { phases, streamed, pool, residual }: Block): void {
  const last = phases.at(-1)!;
  phases.forEach((phase, i) => {
    const { banks, depth } = hardware.lineBuffers[i]!;
    expect(phase.sourceSlots % banks).toBe(0);
    expect((phase.sourceSlots / banks) * phase.sourceRowWords).toBeLessThanOrEqual(depth);
    expect(phase.sourceLastBank).toBe((phase.sourceSlots / banks - 1) * phase.sourceRowWords);
    expect(phase.sourceSlots).toBeGreaterThanOrEqual(Math.min(phase.kernel[0], phase.inputRows));
    if (phases.length < 3) expect([phase.stripRows, phase.haloRows]).toEqual([last.stripRows, 0]);
  });
  if (phases.length === 3) checkStrips(phases, streamed);
  if (streamed && phases.length === 2) {
    // a strip of the second phase reads its rows for every tile
    const rows = last.kernel[0] > 1 ? last.inputRows : last.stripRows;
    expect(last.sourceSlots).toBeGreaterThanOrEqual(rows);
  }
  // windows of a pool or of a second phase do not reach into another strip
  if (streamed && (pool || (phases.length === 2 && last.kernel[0] > 1)))
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

/** Strip by strip: each phase has rows to make, finds those that it needs, and overwrites none that is still needed. */
function checkStrips(phases: readonly Phase[], streamed: boolean): void {
  const done = phases.map(() => 0);
  const freed = ({ stride, padTop }: Phase, y: number) => Math.max(0, y * stride[0] - padTop);
  while (streamed && done.some((y, i) => y < phases[i]!.outputRows)) {
    phases.forEach((phase, i) => {
      const y = done[i]!;
      const end = Math.min(phase.outputRows, y + phase.stripRows + (y === 0 ? phase.haloRows : 0));
      expect(end).toBeGreaterThan(y);
      const need = Math.min(phase.inputRows, (end - 1) * phase.stride[0] - phase.padTop + phase.kernel[0]);
      if (i > 0) expect(done[i - 1]).toBeGreaterThanOrEqual(need);
      // every tile reads the strip's rows again
      if (phase.tileGroups < phase.groups)
        expect(need - freed(phase, y)).toBeLessThanOrEqual(phase.sourceSlots);
      const next = phases[i + 1];
      if (next) expect(end - freed(next, done[i + 1]!)).toBeLessThanOrEqual(next.sourceSlots);
      done[i] = end;
    });
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

describe("expand, depthwise and project", () => {
  const plans = (array: ArrayOptions) => schedule(seededInteger(inverted(), 1), array);
  const triples = ({ blocks }: Plan) => blocks.filter(({ phases }) => phases.length === 3);

  it("share a block, resident and streamed in strips and tiles", () => {
    const blocks = triples(plans({ pk: 8, pc: 8, busBytes: 16 }));
    expect(blocks.length).toBe(6);
    expect(new Set(blocks.map(({ streamed }) => streamed)).size).toBe(2);
    expect(Math.max(...blocks.map(({ weightLoads }) => weightLoads))).toBeGreaterThan(1);
    expect(blocks.some(({ phases: [expand] }) => expand!.tileGroups < expand!.groups)).toBe(true);
    expect(blocks.some(({ phases: [expand] }) => expand!.haloRows > 0)).toBe(true);
  });

  it("do not when their rows are too long for the line buffers", () => {
    const graph = (width: number): IntGraph => {
      const b = buildNetwork("wide", { height: 12, width, channels: 4 });
      const wide = b.conv("expand", b.conv("conv", b.input, 8, { kernel: 3 }), 96, { kernel: 1 });
      b.globalAverage("mean", b.conv("project", b.depthwise("deep", wide, { kernel: 3 }), 8, { kernel: 1 }));
      return seededInteger(b.finish(), 1);
    };
    const array = { pk: 8, pc: 8, busBytes: 16 } as const;
    // four rows of 96 bytes a pixel in line buffer 2 of 32 KiB
    expect([85, 86].map((width) => triples(schedule(graph(width), array)).length)).toEqual([1, 0]);
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
