/** Charts of the values that a network computes with: histograms, quantisation, class scores. */
import type { Histogram } from "../../src/report/histogram.ts";
import type { ClassScore } from "../../src/ir/answer.ts";
import { quantisationSentence, type QuantisationRow } from "../../src/report/quantisation.ts";
import { ink, legend, nameAxis, type Chart } from "./chart.ts";
import { grid, layerAxis, ROW, valueAxis, WIDTH } from "./charts.ts";
import { short } from "./labels.ts";
import { counted } from "./mark.ts";

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
    marks: [
      counts.map((count, bin) => ({
        name: layer,
        text: `${counted(count)} from ${start + bin * step} to ${start + (bin + 1) * step - 1}`,
      })),
    ],
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
  const { axis, names } = layerAxis(rows.map(({ layer }) => layer));
  return {
    id: "quantisation-chart",
    title: "Signal to noise ratio of each layer",
    description: quantisationSentence(rows),
    width: WIDTH,
    height: 110 + ROW * rows.length,
    names,
    marks: series.map(({ data, name }) =>
      rows.map(({ layer }, row) => ({ name: layer, text: `${name}: ${data[row]?.toFixed(2) ?? "none"} dB` })),
    ),
    option: {
      grid,
      legend,
      xAxis: valueAxis("dB"),
      yAxis: axis,
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
    marks: [top.map(({ label, score }) => ({ name: label, text: `probability ${score.toFixed(4)}` }))],
    option: {
      grid: { ...grid, top: 10 },
      xAxis: { ...valueAxis("probability"), min: 0, max: 1 },
      yAxis: nameAxis(top.map(({ label }) => short(label))),
      series: [{ type: "bar", data: top.map(({ score }) => score) }],
    },
  };
}
