import { beforeAll, describe, expect, it } from "vitest";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import type { Plan } from "../../src/4-schedule/plan.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { loadModel } from "../../src/load.ts";
import { runGolden } from "../../src/golden/run.ts";
import { fitSentence } from "../../src/report/fit-sentence.ts";
import { limitOf, limitSentence, remedySentence } from "../../src/report/limits.ts";
import { arrayReport } from "../../src/report/array-report.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import { noCycles, parts, totalOf } from "../../src/report/split.ts";
import { histogram, weightBins } from "../../src/report/histogram.ts";
import { quantisationRows, quantisationSentence } from "../../src/report/quantisation.ts";
import { formatModelReport } from "../../src/report/text.ts";
import { reportPage } from "../../codegen/report/page.ts";

const memory = { bytes: 8, latency: 40, outstanding: 16 };
/** A frame of every value from -128 to 127. */
const frame = Int8Array.from({ length: 32 * 32 * 3 }, (_, i) => i);
const top = [{ index: 7, label: "a <cat>", score: 0.75 }];
let plan: Plan;
let maps: ReturnType<typeof runGolden>["maps"];
let report: ModelReport;

beforeAll(() => {
  plan = schedule(loadModel("mobilenet-v1-0.25-32"), { pk: 8, pc: 8, busBytes: 8 });
  maps = runGolden(plan.graph, frame).maps;
  report = arrayReport(plan, {
    model: "<net> & co",
    board: "tiny",
    clockMHz: 50,
    images: "first" as const,
    memory,
    dsps: 96,
    input: { file: "cat.png", top, values: [], maps },
    resources: [{ resource: "DSP blocks", needed: 96, available: 120 }],
  });
});

const sum = <T>(list: readonly T[], of: (item: T) => number): number => list.reduce((n, x) => n + of(x), 0);

describe("modelReport", () => {
  it("says what the host computes, in the object, the text and the page", () => {
    const [softmax] = plan.hostNodes.slice(-1);
    expect(report.host).toEqual([{ name: softmax!.name, kind: "softmax" }]);
    expect(formatModelReport(report)).toContain(`\non the host: ${softmax!.name} (softmax)\n`);
    expect(reportPage(report)).toContain(`<dt>softmax, on the host</dt><dd>${softmax!.name}</dd>`);
    expect(formatModelReport({ ...report, host: [] })).not.toContain("on the host");
  });

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
    expect(traffic.image).toBe(32 * Math.ceil((32 * plan.inputs[0]!.place.pixelPitch) / 8) * 8);
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
        "waiting for weights takes 30.0 %, most of it in b. Most cycles go to b, 20.0 %.",
    );
  });

  it("says what would make it faster: against the limit, and against the largest loss that is worth it", () => {
    expect(remedySentence(split, 0.9)).toBe(
      "What would make it faster: more multipliers (--array), or more zeros among the weights (compress --balanced); " +
        "more bytes a cycle from memory (--memory bytes=), or weights that stay on the chip (--buffers kept=).",
    );
    expect(remedySentence({ ...noCycles, compute: 96, weights: 4 }, 0.5)).toBe(
      "What would make it faster: an array of another shape (explore tries all).",
    );
  });
});

describe("histogram", () => {
  it("counts nine-bit values in steps of 16", () => {
    const { counts, max, min, zeros } = histogram(
      "l",
      Int16Array.of(-256, -241, -240, 0, 15, 255),
      weightBins,
    );
    expect([counts[0], counts[1], counts[16], counts[31]]).toEqual([2, 1, 2, 1]);
    expect([min, max, zeros]).toEqual([-256, 255, 1]);
  });
});

describe("values", () => {
  it("counts what the golden model computes", () => {
    expect(report.activationHistograms.map(({ layer }) => layer)).toEqual(
      report.quantisation.map(({ layer }) => layer),
    );
    const [first] = report.activationHistograms;
    const node = plan.graph.nodes[0]!;
    const values = Array.from(maps.get(node.output)!);
    const { zeroPoint } = plan.graph.maps.get(node.output)!;
    expect(first).toMatchObject({ layer: node.name, values: values.length, start: -128, step: 8 });
    expect(first!.zeros).toBe(values.filter((value) => value === zeroPoint).length);
    expect(first!.counts[31]).toBe(values.filter((value) => value >= 120).length);
    expect(sum(first!.counts, (n) => n)).toBe(values.length);
  });

  it("says what is known of quantisation, and no more", () => {
    const node = plan.graph.nodes[0]!;
    const { scale, zeroPoint } = plan.graph.maps.get(node.output)!;
    const [row] = quantisationRows(plan.graph, null);
    expect(row).toMatchObject({ layer: node.name, scale, zeroPoint, error: null, input: null });
    expect([row!.low, row!.high]).toEqual([scale * (-128 - zeroPoint), scale * (127 - zeroPoint)]);
    expect(quantisationSentence([row!])).toContain("no float values are known");
    const errors = [{ name: node.name, snrDb: 21.5, saturated: 0.25 }];
    const [known] = quantisationRows({ ...plan.graph, quantisationErrors: errors }, null);
    expect(known!.error).toEqual({ snrDb: 21.5, saturated: 0.25 });
    expect(quantisationSentence([known!])).toContain(`21.5 dB in ${node.name}`);
    // Steps of 1 and values of 6 above zero: 36 over 1 / 12, 10 log10 432.
    const values = new Int8Array(maps.get(node.output)!.length).fill(zeroPoint + 6);
    const [shown] = quantisationRows(plan.graph, new Map([[node.output, values]]));
    expect(shown!.input!.roundingSnrDb).toBeCloseTo(26.355, 3);
    expect(shown!.input!.atEnds).toBe(0);
    values.fill(127, 0, values.length / 4);
    const [clipped] = quantisationRows(plan.graph, new Map([[node.output, values]]));
    expect(clipped!.input!.atEnds).toBe(0.25);
  });

  it("says whether everything fits, and what is tightest", () => {
    expect(report.fit).toBe("Fits tiny; the tightest is DSP blocks: 96 of 120 (80.0 %).");
    const short = { resource: "block RAMs", needed: 3, available: 2 };
    expect(fitSentence("b", [short])).toBe("Does not fit b; the tightest is block RAMs: 3 of 2 (150.0 %).");
    expect(fitSentence("none", [])).toBeNull();
  });
});

describe("reportPage", () => {
  let page: string;
  beforeAll(() => void (page = reportPage(report, "data:image/png;base64,AAAA")));

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
    expect(rowsOf("Quantisation of each map")).toEqual(
      json.quantisation.map((row) => [
        row.layer,
        [row.scale, row.zeroPoint, row.low, row.high, row.input!.roundingSnrDb, row.input!.atEnds],
      ]),
    );
    for (const [caption, list] of [
      ["Weights less their zero point", json.weightHistograms],
      ["Integers of each map", json.activationHistograms],
    ] as const)
      expect(rowsOf(caption)).toEqual(list.map((h) => [h.layer, [h.values, h.min, h.max, h.zeros]]));
    expect(rowsOf("The best classes")).toEqual([["a &lt;cat&gt;", [7, 0.75]]]);
    expect(page).toContain('<img src="data:image/png;base64,AAAA" alt="cat.png as the network sees it"');
    expect(page).toContain(`<data value="${json.macsPerDsp}">`);
    expect(page).toContain(`<data value="${json.cycles}">`);
    expect(page).toContain(`<data value="${json.framesPerSecond}">`);
  });

  it("is one file, small, described and the same every time", () => {
    expect(page.length).toBeLessThan(3_000_000);
    expect(page).not.toMatch(/(?:src|href)="http|url\((?!#)|@import|<script [a-z]|<net>/);
    expect(page).toContain("&lt;net&gt; &amp; co");
    // the plot of the timeline is a part of a picture
    const pictures = page.match(/<svg (?!class="plot")[^>]*>/g) ?? [];
    expect(pictures.length).toBeGreaterThanOrEqual(6);
    for (const picture of pictures) {
      expect(picture).toContain('role="img"');
      for (const id of picture.match(/(?<=aria-\w+=")[^"]+/g) ?? []) expect(page).toContain(`id="${id}"`);
    }
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(reportPage(report, "data:image/png;base64,AAAA")).toBe(page);
  });
});
