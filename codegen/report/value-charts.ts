/** Charts of the values that a network computes with: histograms, quantisation, class scores. */
import type { Histogram } from "../../src/report/histogram.ts";
import type { ClassScore } from "../../src/ir/answer.ts";
import { quantisationSentence, type QuantisationRow } from "../../src/report/quantisation.ts";
import { ink, legend, nameAxis, type Chart } from "./chart.ts";
import { grid, ROW, short, valueAxis, WIDTH } from "./charts.ts";

const smallGrid = { ...grid, left: 4, right: 8, top: 10, bottom: 4 } as const;

/** `kind`: such as "weights"; the titles and ids begin with it. */
export function histogramChart(kind: "weights" | "activations", index: number, of: Histogram): Chart {
  const { counts, layer, max, min, start, step, values, zeros } = of;
  return {
    id: `${kind}-${index}`,
    title: `${kind === "weights" ? "Weights" : "Activations"} of ${layer}`,
    description: `${values} ${kind} from ${min} to ${max}, ${zeros} of them zero.`,
    width: 300,
    height: 150,
    option: {
      grid: smallGrid,
      xAxis: { type: "category", data: counts.map((_, bin) => start + bin * step), ...ink },
      yAxis: { type: "value", splitNumber: 2, ...ink },
      series: [{ type: "bar", barCategoryGap: "0%", data: counts }],
    },
  };
}

/** Signal to noise ratios, as far as they are known; null when none is. */
export function quantisationChart(rows: readonly QuantisationRow[]): Chart | null {
  const series = [
    { name: "measured against float", data: rows.map(({ error }) => error?.snrDb ?? null) },
    {
      name: "what the step allows for this input",
      data: rows.map(({ input }) => input?.roundingSnrDb ?? null),
    },
  ].filter(({ data }) => data.some((value) => value !== null));
  if (series.length === 0) return null;
  return {
    id: "quantisation-chart",
    title: "Signal to noise ratio of each layer",
    description: quantisationSentence(rows),
    width: WIDTH,
    height: 110 + ROW * rows.length,
    option: {
      grid,
      legend,
      xAxis: valueAxis("dB"),
      yAxis: nameAxis(rows.map(({ layer }) => short(layer))),
      series: series.map((one) => ({ type: "bar", barGap: "0%", ...one })),
    },
  };
}

export function classChart(top: readonly ClassScore[]): Chart {
  return {
    id: "classes-chart",
    title: "Class scores",
    description: `${top[0]?.label} is the best of the classes.`,
    width: 480,
    height: 60 + 36 * top.length,
    option: {
      grid: { ...grid, top: 10 },
      xAxis: { ...valueAxis("probability"), min: 0, max: 1 },
      yAxis: nameAxis(top.map(({ label }) => short(label))),
      series: [{ type: "bar", data: top.map(({ score }) => score) }],
    },
  };
}
