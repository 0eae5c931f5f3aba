/** The charts of a report: numbers in, ECharts options out. */
import type { ModelReport } from "../../src/report/model-report.ts";
import { parts, type Part } from "../../src/report/split.ts";
import { colours, ink, legend, nameAxis, type Chart } from "./chart.ts";

export const WIDTH = 960;
export const ROW = 20;

export const partNames: Readonly<Record<Part, string>> = {
  program: "program",
  compute: "compute",
  rows: "waits for rows",
  weights: "waits for weights",
  output: "waits for output",
  space: "waits for space",
  setup: "set-up",
  drain: "drain",
};

export const trafficKinds = ["image", "maps", "weights", "results"] as const;

export const grid = {
  left: 8,
  right: 24,
  top: 60,
  bottom: 40,
  outerBoundsMode: "same",
  outerBoundsContain: "axisLabel",
} as const;

export const short = (name: string): string =>
  name.length > 34 ? `${name.slice(0, 6)}…${name.slice(-27)}` : name;

/** Rows from top to bottom in the order of the program. */
function layerAxis({ layers }: ModelReport) {
  return nameAxis(layers.map(({ name }) => short(name)));
}

export function valueAxis(name: string) {
  return { type: "value", name, nameLocation: "middle", nameGap: 28, ...ink } as const;
}

/** Each layer from its first cycle to its last, coloured by what the array did. */
export function timelineChart(report: ModelReport): Chart {
  const { layers } = report;
  let at = 0;
  const starts = layers.map(({ cycles }) => (at += cycles) - cycles);
  const shown = parts.filter((part) => layers.some(({ split }) => split[part] > 0));
  return {
    id: "timeline",
    title: "Layer timeline",
    description: `${layers.length} layers one after another over ${report.cycles} cycles; the table below has every number.`,
    width: WIDTH,
    height: 110 + ROW * layers.length,
    option: {
      grid,
      legend: { ...legend, data: shown.map((part) => partNames[part]) },
      xAxis: valueAxis("cycles"),
      yAxis: layerAxis(report),
      series: [
        { type: "bar", stack: "t", itemStyle: { color: "transparent" }, data: starts },
        ...shown.map((part) => ({
          type: "bar",
          stack: "t",
          name: partNames[part],
          itemStyle: { color: colours[parts.indexOf(part)] },
          data: layers.map(({ split }) => split[part]),
        })),
      ],
    },
  };
}

/** Multiply-accumulates a second against multiply-accumulates a byte, under what array and memory allow. */
export function rooflineChart(report: ModelReport): Chart {
  const { clockMHz, gigaMacs, memory } = report;
  const bandwidth = (memory.bytes * clockMHz) / 1e3; // gigabytes a second
  // a layer alone is no point: the first of a block reads for all of them, while the next is at work
  const points = report.blocks
    .filter(({ gigaMacs, intensity }) => gigaMacs > 0 && intensity > 0)
    .map((block) => [block.intensity, block.gigaMacs]);
  const all = points.map(([x]) => Number(x));
  const from = 10 ** Math.floor(Math.log10(Math.min(1, gigaMacs.array / bandwidth, ...all)));
  const to = 10 ** Math.ceil(Math.log10(Math.max(100, ...all)));
  const knee = gigaMacs.array / bandwidth;
  const roof = [from, knee, to].map((x) => [x, Math.min(gigaMacs.array, x * bandwidth)]);
  const axis = (name: string) => ({ ...valueAxis(name), type: "log" });
  return {
    id: "roofline",
    title: "Roofline",
    description: `The array reaches ${gigaMacs.array} billion multiply-accumulates a second, the memory ${bandwidth} gigabytes a second; every point is a block.`,
    width: WIDTH,
    height: 420,
    option: {
      grid,
      legend,
      xAxis: { ...axis("multiply-accumulates a byte"), min: from, max: to },
      yAxis: {
        ...axis("billion multiply-accumulates a second"),
        nameLocation: "end",
        nameGap: 12,
        nameTextStyle: { ...ink.nameTextStyle, align: "left" },
      },
      series: [
        { type: "line", name: "what array and memory allow", showSymbol: false, data: roof },
        { type: "scatter", name: "blocks", symbolSize: 9, data: points },
      ],
    },
  };
}

export function trafficChart(report: ModelReport): Chart {
  const { layers, traffic } = report;
  return {
    id: "traffic",
    title: "Memory traffic",
    description: `Bytes of each layer by kind; ${traffic.readBytes} read and ${traffic.writeBytes} written in all.`,
    width: WIDTH,
    height: 110 + ROW * layers.length,
    option: {
      grid,
      legend,
      xAxis: valueAxis("bytes"),
      yAxis: layerAxis(report),
      series: trafficKinds.map((kind) => ({
        type: "bar",
        stack: "t",
        name: kind,
        data: layers.map((layer) => layer.traffic[kind]),
      })),
    },
  };
}

interface Drawing {
  readonly value: (dimension: number) => number;
  readonly coord: (point: readonly number[]) => readonly [number, number];
}

/** Maps of the workspace: where they lie, and during which blocks. */
export function memoryChart(report: ModelReport): Chart {
  const maps = report.memoryMap.filter(({ region }) => region === "workspace");
  const data = maps.map(({ bytes, from, offset, to }) => [from, to + 1, offset, offset + bytes]);
  return {
    id: "memory",
    title: "Memory map of the workspace",
    description: `${maps.length} feature maps in ${report.regionBytes.workspace} bytes; those in use at the same time never overlap.`,
    width: WIDTH,
    height: 360,
    option: {
      grid,
      xAxis: { ...valueAxis("block"), max: report.blocks.length, minInterval: 1 },
      yAxis: { ...valueAxis("byte"), nameLocation: "end", max: Math.max(1, report.regionBytes.workspace) },
      series: [
        {
          type: "custom",
          data,
          renderItem: (_: unknown, api: Drawing) => {
            const [x, bottom] = api.coord([api.value(0), api.value(2)]);
            const [right, y] = api.coord([api.value(1), api.value(3)]);
            const shape = { x, y, width: right - x, height: bottom - y };
            return { type: "rect", shape, style: { fill: colours[0], stroke: "#ffffff", lineWidth: 1 } };
          },
        },
      ],
    },
  };
}

/** Share of each resource of the board. */
export function resourceChart({ board, resources }: ModelReport): Chart {
  return {
    id: "resources",
    title: `Resources against ${board}, estimated`,
    description: resources.map((use) => `${use.resource} ${use.needed} of ${use.available}`).join("; "),
    width: WIDTH,
    height: 110 + 2 * ROW * resources.length,
    option: {
      grid: { ...grid, top: 20 },
      xAxis: valueAxis("percent of the board"),
      yAxis: nameAxis(resources.map((use) => use.resource)),
      series: [
        {
          type: "bar",
          data: resources.map((use) => (use.available === 0 ? 0 : (100 * use.needed) / use.available)),
        },
      ],
    },
  };
}
