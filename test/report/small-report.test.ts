/** Reports of the small engine: every cycle and every byte of the flash belongs somewhere. */
import { beforeAll, expect, it } from "vitest";
import { networkStream } from "../../codegen/small/stream.ts";
import { predictSmall } from "../../src/4-schedule/small/cycles.ts";
import type { SmallPlan } from "../../src/4-schedule/small/plan.ts";
import { scheduleSmall } from "../../src/4-schedule/small/schedule.ts";
import { boardByName } from "../../src/boards/index.ts";
import { loadModel } from "../../src/load.ts";
import { smallReport } from "../../src/report/small-report.ts";
import { parts, totalOf } from "../../src/report/split.ts";
import { readBytes } from "../../src/report/traffic.ts";

const board = boardByName("icebreaker");
let plan: SmallPlan;
let report: ReturnType<typeof smallReport>;

beforeAll(() => {
  plan = scheduleSmall(loadModel("pictures"), board.name);
  report = smallReport(plan, { model: "pictures", board, clockMHz: 12, input: null });
});

const sum = <T>(list: readonly T[], of: (item: T) => number): number => list.reduce((n, x) => n + of(x), 0);
const layer = (name: string) => report.layers.find((one) => one.name === name)!;

it("gives every cycle to one layer and one reason", () => {
  const predicted = predictSmall(plan);
  expect(report.layers.map(({ cycles }) => cycles)).toEqual(predicted.map(({ cycles }) => cycles));
  expect(report.cycles).toBe(sum(predicted, ({ cycles }) => cycles));
  expect(totalOf(report.split)).toBe(report.cycles);
  expect(parts.filter((part) => report.split[part] < 0)).toEqual([]);
  // the flash's start and a descriptor of 33 times 16 bits
  expect(report.split.program).toBe(46 + 33 * 4);
  expect(report.split.setup).toBe(5 * plan.layers.length);
  // a pixel's four groups of 4 steps each wait for a scaler of 8 cycles
  const { compute, output } = layer("pointwise1").split;
  expect([compute, output]).toEqual([9216, 9212]);
});

it("says what limits a layer: multipliers, a part of them, or the flash", () => {
  const limits = ["conv0", "depthwise3", "logits"].map((name) => layer(name).limit);
  expect(limits).toEqual(["compute", "lanes", "weights"]);
});

it("counts every byte of the flash", () => {
  const stream = networkStream(plan).length;
  expect(report.traffic.readBytes).toBe(stream);
  expect(report.traffic.writeBytes).toBe(0);
  expect(report.traffic.program + sum(report.layers, ({ traffic }) => readBytes(traffic))).toBe(stream);
  const flash = report.memoryMap.filter(({ region }) => region === "model");
  // one behind the other, up to the end of the stream
  flash.reduce((end, { bytes, offset }) => (expect(offset).toBe(end), end + bytes), 0);
  expect(sum(flash, ({ bytes }) => bytes)).toBe(stream - 4);
});

it("turns cycles into time at its clock", () => {
  expect(report.milliseconds).toBe(report.cycles / 12_000);
  expect(report.framesPerSecond).toBe(12e6 / report.cycles);
});

it("has maps that live at the same time in different banks", () => {
  const maps = report.memoryMap.filter(({ region }) => region === "workspace");
  expect(maps).toHaveLength(plan.layers.length + 1);
  for (const [index, { bytes, offset }] of maps.entries()) {
    expect(offset).toBe(index % 2 === 0 ? 0 : 65536);
    expect(bytes).toBeLessThanOrEqual(65536);
  }
});

it("knows without synthesis what the modules say, and nothing of logic cells", () => {
  expect(report.resources.map(({ available, needed, resource }) => [resource, needed, available])).toEqual([
    ["DSP blocks", 8, 8],
    ["block RAMs", 21, 30],
    ["bytes of the largest feature map", 48 * 48 * 4, 65536],
    ["bytes of flash behind the bitstream", networkStream(plan).length, 15 * 2 ** 20],
  ]);
  expect(report.fit).toMatch(/^Fits icebreaker/);
  expect(report.onChipBytes).toMatchObject({ maps: 131_072, weights: 4096, biases: 1024 });
});
