/** The roofline of a report: no block computes faster than the array, or moves more bytes than the memory. */
import { describe, expect, it } from "vitest";
import { rooflineChart } from "../../codegen/report/charts.ts";
import { rooflineTable } from "../../codegen/report/tables.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { scheduleSmall } from "../../src/4-schedule/small/schedule.ts";
import { boardByName } from "../../src/boards/index.ts";
import { loadModel } from "../../src/load.ts";
import { arrayReport } from "../../src/report/array-report.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import { smallReport } from "../../src/report/small-report.ts";

const clockMHz = 100;

function reportOf(model: string, pk: number, pc: number, bytes: number): ModelReport {
  const plan = schedule(loadModel(model), { pk, pc, busBytes: bytes < 16 ? 8 : 16 });
  const memory = { bytes, latency: 40, outstanding: 16 };
  return arrayReport(plan, {
    ...{ model, board: "none", clockMHz, images: "first", memory, dsps: null, resources: [], input: null },
  });
}

/** As the chart draws them. */
function drawn(report: ModelReport): { points: [number, number][]; roof: [number, number][] } {
  const { series } = rooflineChart(report).option as { series: { type: string; data: [number, number][] }[] };
  const dataOf = (type: string) => series.find((one) => one.type === type)!.data;
  return { points: dataOf("scatter"), roof: dataOf("line") };
}

function expectUnderRoof(report: ModelReport): void {
  const { points, roof } = drawn(report);
  const peak = (report.multipliers * report.clockMHz) / 1e3;
  const bandwidth = (report.memory.bytes * report.clockMHz) / 1e3;
  const roofAt = (x: number): number => Math.min(peak, x * bandwidth);
  for (const [x, y] of roof) expect(y).toBeCloseTo(roofAt(x), 9);
  expect(points.length).toBeGreaterThan(5);
  expect(points.filter(([x, y]) => y > roofAt(x) * (1 + 1e-9))).toEqual([]);
}

const sum = (list: readonly number[]): number => list.reduce((total, n) => total + n, 0);

describe("roofline", () => {
  it.each([
    ["mobilenet-v1-0.5-96", 16, 16, 16],
    ["mobilenet-v1-0.25-32", 8, 8, 8],
    ["mobilenet-v1-0.25-32", 16, 16, 4],
    ["mobilenet-v1-0.25-32", 32, 32, 32],
    ["mobilenet-v2-0.35-96", 32, 32, 16],
    ["squeezenet-1.1-64", 32, 32, 16],
  ] as const)("has no point above the roof: %s on %ix%i, %i bytes a cycle", (model, pk, pc, bytes) => {
    expectUnderRoof(reportOf(model, pk, pc, bytes));
  });

  it("has none above the roof for a small engine, which reads its flash ahead", () => {
    const board = boardByName("icebreaker");
    const plan = scheduleSmall(loadModel("pictures"), board.name);
    const report = smallReport(plan, { model: "pictures", board, clockMHz: 12, input: null });
    expectUnderRoof(report);
    // the end of the stream is read behind the last layer
    expect(sum(report.blocks.map(({ movedBytes }) => movedBytes))).toBe(report.traffic.readBytes - 4);
  });

  it("has a point and a row of the table for each block, with every cycle, byte and product in one of them", () => {
    const report = reportOf("mobilenet-v1-0.25-32", 8, 8, 8);
    const { blocks, traffic } = report;
    expect(drawn(report).points).toEqual(blocks.map(({ gigaMacs, intensity }) => [intensity, gigaMacs]));
    expect(rooflineTable(report).rows).toHaveLength(blocks.length);
    expect(sum(blocks.map(({ macs }) => macs))).toBe(report.macs);
    expect(sum(blocks.map(({ cycles }) => cycles))).toBe(report.cycles);
    expect(sum(blocks.map(({ movedBytes }) => movedBytes))).toBe(traffic.readBytes + traffic.writeBytes);
    const [, block] = blocks;
    expect(block!.layers).toHaveLength(2);
    expect(block!.intensity).toBe(block!.macs / block!.movedBytes);
    expect(block!.gigaMacs).toBe((block!.macs * clockMHz) / block!.cycles / 1e3);
  });
});
