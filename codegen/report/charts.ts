/** The charts of a report: numbers in, ECharts options out. */
import type { BlockRow, ModelReport } from "../../src/report/model-report.ts";
import { item } from "../../src/ir/known.ts";
import { colours, ink, legend, nameAxis, type Chart } from "./chart.ts";
import { labelsOf } from "./labels.ts";
import { counted } from "./mark.ts";

export const WIDTH = 960;
export const ROW = 20;

export const trafficKinds = ["image", "maps", "weights", "results"] as const;

export const grid = {
  left: 8,
  right: 24,
  top: 60,
  bottom: 40,
  outerBoundsMode: "same",
  outerBoundsContain: "axisLabel",
} as const;

/** Rows from top to bottom, each with the name of a layer, of which all leave out what they have in common. */
export function layerAxis(names: readonly string[]): {
  axis: ReturnType<typeof nameAxis>;
  names: Map<string, string>;
} {
  const labels = labelsOf(names);
  return { axis: nameAxis(labels), names: new Map(names.map((name, index) => [item(labels, index), name])) };
}

export function valueAxis(name: string) {
  return { type: "value", name, nameLocation: "middle", nameGap: 28, ...ink } as const;
}

/** Multiply-accumulates a second against multiply-accumulates a byte, under what array and memory allow. */
export function rooflineChart(report: ModelReport): Chart {
  const { clockMHz, gigaMacs, memory } = report;
  const bandwidth = (memory.bytes * clockMHz) / 1e3; // gigabytes a second
  // a layer alone is no point: the first of a block reads for all of them, while the next is at work
  const blocks = report.blocks.filter((block) => block.gigaMacs > 0 && block.intensity > 0);
  const points = blocks.map((block) => [block.intensity, block.gigaMacs]);
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
    marks: [
      [],
      blocks.map((block) => ({
        name: block.layers.join(", "),
        text:
          `${block.gigaMacs.toFixed(2)} billion MACs a second, ${block.intensity.toFixed(1)} a byte, ` +
          `${counted(block.cycles)} cycles: ${boundOf(block, gigaMacs.array, bandwidth)}`,
      })),
    ],
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

/** Which part of the roof is above a block, and how near it comes. */
function boundOf({ gigaMacs, intensity }: BlockRow, array: number, bandwidth: number): string {
  const roof = Math.min(array, intensity * bandwidth);
  return `${((100 * gigaMacs) / roof).toFixed(0)} % of what ${roof < array ? "memory" : "the array"} allows`;
}

export function trafficChart(report: ModelReport): Chart {
  const { layers, traffic } = report;
  const { axis, names } = layerAxis(layers.map(({ name }) => name));
  return {
    id: "traffic",
    title: "Memory traffic",
    description: `Bytes of each layer by kind; ${traffic.readBytes} read and ${traffic.writeBytes} written in all.`,
    width: WIDTH,
    height: 110 + ROW * layers.length,
    names,
    marks: trafficKinds.map((kind) =>
      layers.map((layer) => ({ name: layer.name, text: `${kind}: ${counted(layer.traffic[kind])} bytes` })),
    ),
    option: {
      grid,
      legend,
      xAxis: valueAxis("bytes"),
      yAxis: axis,
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

const workspaceMaps = ({ memoryMap }: ModelReport) =>
  memoryMap.filter(({ region }) => region === "workspace");

/** Whether any map lies in the workspace, for `memoryChart` to draw. */
export const hasWorkspace = (report: ModelReport): boolean => workspaceMaps(report).length > 0;

/** Maps of the workspace: where they lie, and during which blocks. */
export function memoryChart(report: ModelReport): Chart {
  const maps = workspaceMaps(report);
  const data = maps.map(({ bytes, from, offset, to }) => [from, to + 1, offset, offset + bytes]);
  return {
    id: "memory",
    title: "Memory map of the workspace",
    description: `${maps.length} feature maps in ${report.regionBytes.workspace} bytes; those in use at the same time never overlap.`,
    width: WIDTH,
    height: 360,
    marks: [
      maps.map(({ bytes, from, name, offset, to }) => ({
        name,
        text: `${counted(bytes)} bytes from ${counted(offset)} on, blocks ${from} to ${to}`,
      })),
    ],
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
    marks: [
      resources.map(({ available, needed, resource }) => ({
        name: resource,
        text: `${counted(needed)} of ${counted(available)}`,
      })),
    ],
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

/** Cycles from those of the array's peak to those that an image takes, loss by loss. */
export function waterfallChart({ clockMHz, cycles, waterfall }: ModelReport): Chart {
  const low = waterfall.map(({ from, to }) => Math.min(from, to));
  const wide = waterfall.map(({ from, to }) => Math.abs(to - from));
  return {
    id: "waterfall",
    title: "From peak to achieved",
    description: waterfall.map(({ from, name, to }) => `${name} ${counted(to - from)}`).join("; "),
    width: WIDTH,
    height: 110 + 2 * ROW * waterfall.length,
    marks: [
      [],
      waterfall.map(({ from, name, to }) => ({
        name,
        text: `${counted(to - from)} cycles, ${((100 * (to - from)) / cycles).toFixed(1)} % of the image, ${((to - from) / (clockMHz * 1e3)).toFixed(3)} ms`,
      })),
    ],
    option: {
      grid: { ...grid, top: 20 },
      xAxis: valueAxis("cycles"),
      yAxis: nameAxis(waterfall.map(({ name }) => name)),
      series: [
        { type: "bar", stack: "w", itemStyle: { color: "transparent" }, data: low },
        {
          type: "bar",
          stack: "w",
          data: wide.map((value, at) => ({
            value,
            itemStyle: { color: colours[stepColour(at, waterfall.length)] },
          })),
        },
      ],
    },
  };
}

/** Peak and achieved are of one colour, losses of another. */
const stepColour = (at: number, count: number): number => (at === 0 || at === count - 1 ? 0 : 1);
