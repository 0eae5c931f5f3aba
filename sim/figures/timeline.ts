/** `npm run figures:timeline`: draws docs/squeezenet-timeline.svg from the cycle model. */
import { writeFileSync } from "node:fs";
import type { MemoryTiming } from "../../src/4-schedule/cycles/memory.ts";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import type { Plan } from "../../src/4-schedule/plan.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { item } from "../../src/ir/known.ts";
import { packagePath } from "../../src/platform/package.ts";
import { loadModel } from "../../src/load.ts";
import { layersOf } from "../../src/report/layers.ts";
import { splitByLayer, totalOf } from "../../src/report/split.ts";
import { thousands } from "../../src/ir/thousands.ts";

/** A layer's cycles; the three kinds together are its bar. */
export interface Bar {
  readonly name: string;
  readonly engine: string;
  /** Cycles of the layers before it. */
  readonly start: number;
  /** The array took a step. */
  readonly compute: number;
  /** It waited for rows, weights, output or room in a line buffer. */
  readonly stall: number;
  /** Between rows, strips and blocks; the program's arrival; the last results on their way to memory. */
  readonly other: number;
  /** MACs / (all multipliers * cycles), 0 to 1. */
  readonly utilization: number;
}

export interface Timeline {
  readonly network: string;
  readonly array: string;
  readonly memory: MemoryTiming;
  readonly cycles: number;
  readonly utilization: number;
  /** In the order of the program; their cycles together are `cycles`. */
  readonly bars: readonly Bar[];
}

/** The layers of a plan behind one another, by the cycle model. */
export function timelineOf(plan: Plan, memory: MemoryTiming): Timeline {
  const { graph, hardware, multipliers } = plan;
  const prediction = predict(plan, memory);
  const layers = layersOf(plan);
  let start = 0;
  const bars = splitByLayer(layers, prediction).map((split, i): Bar => {
    const layer = item(layers, i);
    const cycles = totalOf(split);
    const stall = split.rows + split.weights + split.output + split.space;
    const bar: Bar = {
      name: layer.name,
      engine: layer.engine,
      start,
      compute: split.compute,
      stall,
      other: cycles - split.compute - stall,
      utilization: layer.macs / (multipliers * cycles),
    };
    start += cycles;
    return bar;
  });
  const { cycles } = prediction;
  return {
    network: graph.name,
    array: `${hardware.pk}x${hardware.pc}`,
    memory,
    cycles,
    utilization: graph.macs / (multipliers * cycles),
    bars,
  };
}

const left = 200;
const plotWidth = 560;
const width = 960;
const top = 84;
const rowHeight = 22;
const barHeight = 14;

/** Colours stand in the rules themselves: some viewers know neither variables nor the media query. */
const light: Palette = {
  page: "#ffffff",
  band: "#f6f8fa",
  grid: "#d8dee4",
  ink: "#1f2328",
  soft: "#57606a",
  compute: "#0969da",
  stall: "#bc4c00",
  other: "#afb8c1",
};
const dark: Palette = {
  page: "#0d1117",
  band: "#161b22",
  grid: "#30363d",
  ink: "#e6edf3",
  soft: "#9198a1",
  compute: "#4493f8",
  stall: "#f0883e",
  other: "#656c76",
};
type Palette = Readonly<
  Record<"page" | "band" | "grid" | "ink" | "soft" | "compute" | "stall" | "other", string>
>;

function rules(palette: Palette): string {
  const fills = (["page", "band", "ink", "soft", "compute", "stall", "other"] as const).map(
    (name) => `.${name} { fill: ${palette[name]}; }`,
  );
  return [...fills, `.grid { stroke: ${palette.grid}; }`].join(" ");
}

/** The timeline as an SVG; the same timeline gives the same text. */
export function timelineSvg(timeline: Timeline): string {
  const { array, bars, cycles, memory, network } = timeline;
  const bottom = top + bars.length * rowHeight;
  const height = bottom + 58;
  const headline = `${network} on ${array}: ${thousands(cycles)} cycles by the cycle model, utilisation ${timeline.utilization.toFixed(3)}`;
  const sums = kinds.map(({ kind }) => bars.reduce((sum, bar) => sum + bar[kind], 0));
  const [compute, stall] = sums.map((sum) => `${((100 * sum) / cycles).toFixed(1)} %`);
  const description =
    `One bar a layer in the order of the program, as long as its cycles. The array takes a step in ${compute} of the cycles ` +
    `and waits in ${stall}. Memory: ${memory.bytes} bytes a cycle, latency ${memory.latency}.`;
  const root = `viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="13"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${root} role="img" aria-labelledby="title desc">
  <title id="title">${escaped(headline)}</title>
  <desc id="desc">${escaped(description)}</desc>
  <style>
    ${rules(light)}
    @media (prefers-color-scheme: dark) {
      ${rules(dark)}
    }
  </style>
  <rect class="page" width="${width}" height="${height}" rx="8"/>
  <text class="ink" x="20" y="30" font-size="16">${escaped(headline)}</text>
${legend(sums, cycles)}
${bands(bars)}
${grid(cycles, bottom)}
${bars.map((bar, row) => barSvg(bar, row, cycles)).join("\n")}
  <text class="soft" x="${left + plotWidth / 2}" y="${bottom + 42}" text-anchor="middle">cycles from start</text>
  <text class="soft" x="${width - 20}" y="${top - 8}" text-anchor="end">cycles, utilisation</text>
</svg>
`;
}

const kinds = [
  { kind: "compute", label: "array steps" },
  { kind: "stall", label: "waits for rows, weights, output" },
  { kind: "other", label: "set-up, program, drain" },
] as const;

function legend(sums: readonly number[], cycles: number): string {
  return kinds
    .map(({ kind, label }, i) => {
      const x = 20 + i * 270;
      const share = ((100 * item(sums, i)) / cycles).toFixed(1);
      return `  <rect class="${kind}" x="${x}" y="43" width="12" height="12" rx="2"/>
  <text class="soft" x="${x + 18}" y="54">${label}: ${share} %</text>`;
    })
    .join("\n");
}

/** A band behind every other module: names up to the first separator, so that fire2's layers stand together. */
function bands(bars: readonly Bar[]): string {
  const modules = bars.map(({ name }) => moduleOf(name));
  let index = -1;
  return modules
    .flatMap((module, row) => {
      if (module !== modules[row - 1]) index++;
      const y = top + row * rowHeight;
      return index % 2 === 0
        ? [`  <rect class="band" x="10" y="${y}" width="${width - 20}" height="${rowHeight}"/>`]
        : [];
    })
    .join("\n");
}

/** fire2/expand1x1+fire2/expand3x3 as fire2/expand1x1+expand3x3. */
function shortName(name: string): string {
  return name.replaceAll(`+${moduleOf(name)}/`, "+");
}

function moduleOf(name: string): string {
  return name.split(/[/_+.]/)[0] ?? name;
}

function grid(cycles: number, bottom: number): string {
  const step = gridStep(cycles);
  const lines: string[] = [];
  for (let at = 0; at <= cycles; at += step) {
    const x = place(at, cycles);
    lines.push(
      `  <path class="grid" d="M${x} ${top} V${bottom}"/>`,
      `  <text class="soft" x="${x}" y="${bottom + 20}" text-anchor="middle">${thousands(at)}</text>`,
    );
  }
  return lines.join("\n");
}

/** 1, 2 or 5 times a power of ten, so that at most seven lines fall into the plot. */
function gridStep(cycles: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) if (factor * power * 7 >= cycles) return factor * power;
  }
}

function barSvg(bar: Bar, row: number, cycles: number): string {
  const y = top + row * rowHeight;
  const baseline = y + rowHeight / 2 + 4.5;
  let at = bar.start;
  const pieces = kinds.flatMap(({ kind }) => {
    const from = at;
    at += bar[kind];
    if (bar[kind] === 0) return [];
    const size = ((plotWidth * bar[kind]) / cycles).toFixed(2);
    const box = `x="${place(from, cycles)}" y="${y + (rowHeight - barHeight) / 2}" width="${size}" height="${barHeight}"`;
    return [`    <rect class="${kind}" ${box}/>`];
  });
  const length = bar.compute + bar.stall + bar.other;
  return `  <g>
    <title>${escaped(bar.name)} (${bar.engine}): ${thousands(bar.compute)} steps, ${thousands(bar.stall)} waiting, ${thousands(bar.other)} other</title>
    <text class="ink" x="20" y="${baseline}">${escaped(shortName(bar.name))}</text>
${pieces.join("\n")}
    <text class="soft" x="${width - 20}" y="${baseline}" text-anchor="end">${thousands(length)}, ${bar.utilization.toFixed(3)}</text>
  </g>`;
}

function place(cycle: number, cycles: number): string {
  return (left + (plotWidth * cycle) / cycles).toFixed(2);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The committed picture. */
export const timelinePath = packagePath("docs", "squeezenet-timeline.svg");

/** SqueezeNet 1.0 on 16 x 16 multipliers, 16 bytes a cycle. */
export function squeezenetTimeline(): Timeline {
  const plan = schedule(loadModel("squeezenet-1.0"), { pk: 16, pc: 16, busBytes: 16 });
  return timelineOf(plan, { bytes: 16, latency: 40, outstanding: 16 });
}

export function drawTimeline(): void {
  writeFileSync(timelinePath, timelineSvg(squeezenetTimeline()));
}
