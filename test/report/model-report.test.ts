import { describe, expect, it } from "vitest";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { loadModel } from "../../src/load.ts";
import { limitOf, limitSentence } from "../../src/report/limits.ts";
import { modelReport, type ModelReport } from "../../src/report/model-report.ts";
import { noCycles, parts, totalOf } from "../../src/report/split.ts";
import { histogram } from "../../src/report/histogram.ts";
import { reportPage } from "../../codegen/report/page.ts";

const memory = { bytes: 8, latency: 40, outstanding: 16 };
const plan = schedule(loadModel("mobilenet-v1-0.25-32"), { pk: 8, pc: 8, busBytes: 8 });
const report = modelReport(plan, {
  ...{ model: "<net> & co", board: "tiny", clockMHz: 50, memory, dsps: 96 },
  resources: [{ resource: "DSP blocks", needed: 96, available: 120 }],
});
const sum = <T>(list: readonly T[], of: (item: T) => number): number => list.reduce((n, x) => n + of(x), 0);

describe("modelReport", () => {
  it("gives every cycle to one layer and one reason", () => {
    const { cycles } = predict(plan, memory);
    expect(report.cycles).toBe(cycles);
    expect(sum(report.layers, (layer) => layer.cycles)).toBe(cycles);
    expect(sum(report.blocks, (block) => block.cycles)).toBe(cycles);
    expect(totalOf(report.split)).toBe(cycles);
    for (const part of parts) expect(sum(report.layers, ({ split }) => split[part])).toBe(report.split[part]);
    expect(report.split.program).toBeGreaterThan(0);
    expect(sum(report.layers, (layer) => layer.macs)).toBe(report.macs);
    expect(sum(report.layers, (layer) => layer.share)).toBeCloseTo(1, 9);
  });

  it("counts the bytes that the units move", () => {
    const { traffic } = report;
    expect(traffic.program).toBe(16 + 256 * plan.blocks.length);
    expect(traffic.readBytes).toBe(traffic.program + traffic.image + traffic.maps + traffic.weights);
    expect(traffic.image).toBe(32 * Math.ceil((32 * plan.input.pixelPitch) / 8) * 8);
    for (const kind of ["image", "maps", "weights", "results"] as const)
      expect(sum(report.layers, (layer) => layer.traffic[kind])).toBe(traffic[kind]);
  });

  it("turns cycles into time at the clock", () => {
    expect(report.milliseconds).toBe(report.cycles / 50_000);
    expect(report.framesPerSecond * report.milliseconds).toBeCloseTo(1000, 9);
    expect(report.macsPerDsp).toBe(report.macs / 96);
  });

  it("places maps that live at the same time apart", () => {
    const maps = report.memoryMap.filter(({ region }) => region === "workspace");
    expect(maps.length).toBe(plan.blocks.length - 1);
    maps.forEach((a, i) =>
      maps.slice(i + 1).forEach((b) => {
        const together = a.from <= b.to && b.from <= a.to;
        const apart = a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset;
        expect(together && !apart).toBe(false);
      }),
    );
  });
});

describe("limits", () => {
  const split = { ...noCycles, compute: 60, weights: 30, setup: 10 };
  it("names what takes most of the cycles, and an array that is only partly at work", () => {
    expect([limitOf(split, 0.9), limitOf(split, 0.5)]).toEqual(["compute", "lanes"]);
    expect(limitOf({ ...split, weights: 70 }, 0.9)).toBe("weights");
    const layers = [
      { name: "a", split: { ...noCycles, weights: 10 } },
      { name: "b", split: { ...noCycles, weights: 20 } },
    ];
    expect(limitSentence(split, 0.9, layers)).toBe(
      "Limited by compute, 60.0 % of the cycles; in a step 90.0 % of the multipliers have work; " +
        "waiting for weights takes 30.0 %, most of it in b.",
    );
  });
});

describe("histogram", () => {
  it("counts nine-bit values in steps of 16", () => {
    const { counts, max, min, zeros } = histogram("l", Int16Array.of(-256, -241, -240, 0, 15, 255));
    expect([counts[0], counts[1], counts[16], counts[31]]).toEqual([2, 1, 2, 1]);
    expect([min, max, zeros]).toEqual([-256, 255, 1]);
  });
});

describe("reportPage", () => {
  const page = reportPage(report);

  /** Rows of the table with this caption: name, and the exact numbers. */
  function rowsOf(caption: string): [string, number[]][] {
    const table = page.split(`<caption>${caption}</caption>`)[1]?.split("</table>")[0] ?? "";
    return [...table.matchAll(/<tr><th scope="row">(.*?)<\/th>(.*?)<\/tr>/g)].map(
      ([, name = "", cells = ""]) => [
        name,
        [...cells.matchAll(/<data value="([^"]+)">/g)].map(([, value]) => Number(value)),
      ],
    );
  }

  it("shows every number of the JSON", () => {
    const json = JSON.parse(JSON.stringify(report)) as ModelReport;
    expect(rowsOf("Cycles of each layer")).toEqual(
      json.layers.map((l) => [l.name, [l.macs, l.cycles, l.utilization, ...parts.map((p) => l.split[p])]]),
    );
    expect(rowsOf("Bytes of each layer")).toEqual(
      json.layers.map(({ name, traffic: t }) => [name, [t.image, t.maps, t.weights, t.results]]),
    );
    expect(rowsOf("Everything in memory").map(([, numbers]) => numbers)).toEqual(
      json.memoryMap.map(({ bytes, from, offset, to }) => [offset, bytes, from, to]),
    );
    expect(rowsOf("Resources, estimated without synthesis")).toEqual([["DSP blocks", [96, 120]]]);
    expect(page).toContain(`<data value="${json.cycles}">`);
    expect(page).toContain(`<data value="${json.framesPerSecond}">`);
  });

  it("is one file, small, described and the same every time", () => {
    expect(page.length).toBeLessThan(3_000_000);
    expect(page).not.toMatch(/(?:src|href)="http|url\((?!#)|@import|<script|<net>/);
    expect(page).toContain("&lt;net&gt; &amp; co");
    const pictures = page.match(/<svg[^>]*>/g) ?? [];
    expect(pictures.length).toBeGreaterThanOrEqual(6);
    for (const picture of pictures) {
      expect(picture).toContain('role="img"');
      for (const id of picture.match(/(?<=aria-\w+=")[^"]+/g) ?? []) expect(page).toContain(`id="${id}"`);
    }
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(reportPage(report)).toBe(page);
  });
});
