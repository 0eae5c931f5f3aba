/** Each layer from its first cycle to its last, coloured by what the array did: an SVG whose plot the page can stretch and move. */
import type { LayerRow, ModelReport } from "../../src/report/model-report.ts";
import { partNames, parts, type Part } from "../../src/report/split.ts";
import { htmlDrawing, htmlText } from "../text/languages.ts";
import { colours } from "./chart.ts";
import type { Html } from "./html.ts";
import { labelsOf } from "./labels.ts";
import { counted, markAttributes, type Mark } from "./mark.ts";

const WIDTH = 960;
const ROW = 20;
const LEGEND = 24;
const AXIS = 40;
const CHARACTER = 7;

/** A rectangle of the plot: x and width in cycles, y and height in rows. */
interface Bar {
  readonly x: number;
  readonly width: number;
  readonly fill: string;
  readonly mark: Mark;
}

/** Bars of a row: an invisible one as wide as the plot, so that short layers can be met, then what the layer consists of. */
function barsOf(layer: LayerRow, start: number, total: number): readonly Bar[] {
  const { cycles, name, split, utilization } = layer;
  const of = `of ${counted(cycles)} cycles, utilisation ${utilization.toFixed(3)}`;
  let x = start;
  return [
    { x: 0, width: total, fill: "transparent", mark: { name, text: `all ${of}` } },
    ...parts
      .filter((part) => split[part] > 0)
      .map((part): Bar => {
        const width = split[part];
        x += width;
        const fill = colours[parts.indexOf(part)] ?? "currentColor";
        return {
          x: x - width,
          width,
          fill,
          mark: { name, text: `${partNames[part]}: ${counted(width)} ${of}` },
        };
      }),
  ];
}

export function timelineSvg({ cycles, layers }: ModelReport): Html {
  const labels = labelsOf(layers.map(({ name }) => name));
  const left = 16 + CHARACTER * Math.max(...labels.map(({ length }) => length));
  const plot = { x: left, y: LEGEND + 8, width: WIDTH - left - 24, height: ROW * layers.length };
  const height = plot.y + plot.height + AXIS;
  let start = 0;
  const rows = layers.map((layer) => barsOf(layer, (start += layer.cycles) - layer.cycles, cycles));
  const shown = parts.filter((part) => layers.some(({ split }) => split[part] > 0));
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="timeline-title" aria-describedby="timeline-desc" font-family="sans-serif" font-size="12" fill="currentColor">`,
    `<title id="timeline-title">Layer timeline</title>`,
    `<desc id="timeline-desc">${layers.length} layers one after another over ${cycles} cycles; the table below has every number.</desc>`,
    ...legend(shown),
    ...layers.map(({ cycles: own, name }, row) => {
      const mark = { name, text: `${counted(own)} cycles` };
      return `<text x="${left - 8}" y="${plot.y + ROW * row + 14}" text-anchor="end"${markAttributes(mark)}>${text(labels[row] ?? name)}</text>`;
    }),
    `<svg class="plot" data-total="${cycles}" x="${plot.x}" y="${plot.y}" width="${plot.width}" height="${plot.height}" viewBox="0 0 ${cycles} ${layers.length}" preserveAspectRatio="none">`,
    ...rows.flatMap((bars, row) =>
      bars.map(
        ({ fill, mark, width, x }) =>
          `<rect x="${x}" y="${row + 0.1}" width="${width}" height="0.8" fill="${fill}"${markAttributes(mark)}/>`,
      ),
    ),
    `</svg>`,
    axis(cycles, plot),
    `</svg>`,
  ];
  return htmlDrawing(lines.join("\n"));
}

const text = (plain: string): string => String(htmlText(plain));

function legend(shown: readonly Part[]): readonly string[] {
  let x = 0;
  return shown.map((part) => {
    const name = partNames[part];
    const at = x;
    x += 34 + CHARACTER * name.length;
    return `<rect x="${at}" y="4" width="14" height="12" fill="${colours[parts.indexOf(part)]}"/><text x="${at + 19}" y="14">${name}</text>`;
  });
}

/** Ticks at round numbers of cycles; the page draws them again when the plot shows a part. */
function axis(
  cycles: number,
  { height, width, x, y }: Readonly<Record<"x" | "y" | "width" | "height", number>>,
): string {
  const step = roundStep(cycles / 6);
  const ticks = Array.from({ length: Math.floor(cycles / step) + 1 }, (_, index) => index * step);
  const bottom = y + height;
  const drawn = ticks.map((tick) => {
    const at = (x + (width * tick) / cycles).toFixed(1);
    return `<path d="M${at} ${y}V${bottom + 5}" stroke="currentColor" opacity="0.2"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${counted(tick)}</text>`;
  });
  return `<g class="ticks">${drawn.join("")}</g><text x="${x + width / 2}" y="${bottom + 35}" text-anchor="middle">cycles</text>`;
}

/** The next of 1, 2, 5, 10, 20, ... */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}
