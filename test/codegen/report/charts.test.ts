/** What charts say when they are pointed at. */
import { expect, it } from "vitest";
import { drawChart, nameAxis } from "../../../codegen/report/chart.ts";
import { timelineSvg } from "../../../codegen/report/timeline.ts";
import { schedule } from "../../../src/4-schedule/schedule.ts";
import { loadModel } from "../../../src/load.ts";
import { arrayReport } from "../../../src/report/array-report.ts";
import { parts } from "../../../src/report/split.ts";

const memory = { bytes: 16, latency: 40, outstanding: 16 };

function reportOf(model: string, pk: number, pc: number) {
  const plan = schedule(loadModel(model), { pk, pc, busBytes: 16 });
  const rest = {
    board: "none",
    clockMHz: 100,
    images: "first",
    dsps: null,
    resources: [],
    input: null,
  } as const;
  return arrayReport(plan, { model, memory, ...rest });
}

it("gives each datum its name and numbers, and no name is an attribute", () => {
  const hostile = `x" onload=alert(1) y="<a>`;
  const svg = String(
    drawChart({
      ...{ id: "one", title: "one", description: "one", width: 300, height: 200 },
      names: new Map([["short", "the/long/name"]]),
      marks: [[{ name: hostile, text: "7 cycles" }]],
      option: {
        xAxis: { type: "value" },
        yAxis: nameAxis(["short"]),
        series: [{ type: "bar", data: [7] }],
      },
    }),
  );
  expect(svg).toContain(`data-name="x&quot; onload&#61;alert(1) y&#61;&quot;&lt;a&gt;" data-text="7 cycles"`);
  expect(svg).toMatch(/<text data-name="the\/long\/name"[^>]*>short<\/text>/);
  expect(svg).not.toContain("ecmeta");
});

it("draws every cycle of every layer in the timeline, one layer behind the other", () => {
  const report = reportOf("mobilenet-v1-0.25-32", 8, 8);
  const svg = String(timelineSvg(report));
  const bars = [...svg.matchAll(/<rect x="(\d+)" y="(\d+)\.1" width="(\d+)" height="0.8" fill="#/g)];
  let at = 0;
  for (const [, x, , width] of bars) {
    expect(Number(x)).toBe(at);
    at += Number(width);
  }
  expect(at).toBe(report.cycles);
  const shown = report.layers.flatMap(({ split }) => parts.filter((part) => split[part] > 0));
  expect(bars).toHaveLength(shown.length);
  expect(svg).toContain(`viewBox="0 0 ${report.cycles} ${report.layers.length}"`);
});

it.each([
  ["mobilenet-v1-0.25-32", 8, 8],
  ["mobilenet-v2-0.35-96", 16, 16],
  ["squeezenet-1.1-64", 32, 32],
] as const)("goes from peak to achieved without a gap: %s on %ix%i", (model, pk, pc) => {
  const { cycles, macs, multipliers, split, waterfall } = reportOf(model, pk, pc);
  const [peak, ...losses] = waterfall;
  const achieved = losses.pop();
  expect(peak).toEqual({ name: "peak", from: 0, to: macs / multipliers });
  expect(achieved).toEqual({ name: "achieved", from: 0, to: cycles });
  let at = macs / multipliers;
  for (const { from, to } of losses) {
    expect(from).toBeCloseTo(at, 6);
    at = to;
  }
  expect(at).toBeCloseTo(cycles, 6);
  const lost = (name: string) => {
    const step = losses.find((one) => one.name === name);
    return step === undefined ? 0 : step.to - step.from;
  };
  expect(lost("memory")).toBeCloseTo(split.rows + split.weights, 6);
  expect(lost("array shape") + lost("depthwise") + lost("zeros left out")).toBeCloseTo(
    split.compute - macs / multipliers,
    6,
  );
});
