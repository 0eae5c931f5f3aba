/** Charts as SVG text, drawn by ECharts without a browser. */
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { init, setPlatformAPI, use, type EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { visible } from "../../src/ir/visible.ts";
import { html, htmlDrawing, htmlText } from "../text/languages.ts";
import type { Html } from "./html.ts";
import { markAttributes, type Mark } from "./mark.ts";

/** Stands for the colour of the page's text until the chart is drawn: it follows the light or dark scheme. */
const INK = "#010203";

/** Hues that keep a contrast of 3 to 1 against white and against near-black. */
export const colours: readonly string[] = [
  "#2f7ed8",
  "#d9700f",
  "#2e9e5b",
  "#c2458f",
  "#8a6fd1",
  "#b58900",
  "#d1493f",
  "#7a8288",
];

/** Text, axes and lines between marks. */
export const ink = {
  axisLine: { lineStyle: { color: INK } },
  axisTick: { lineStyle: { color: INK } },
  axisLabel: { color: INK },
  nameTextStyle: { color: INK },
  splitLine: { lineStyle: { color: INK, opacity: 0.15 } },
} as const;

export const legend = { top: 0, left: 0, type: "plain", textStyle: { color: INK } } as const;

export interface Chart {
  /** Unique on the page: letters and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What there is to see, for those who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly option: EChartsCoreOption;
  /** By series and datum: what a reader can point at and choose. */
  readonly marks?: readonly (readonly Mark[])[];
  /** The names that labels of the chart stand for. */
  readonly names?: ReadonlyMap<string, string>;
}

/** Width of a character in a wide sans-serif, as a share of the font's size: a reader's font is not known here. */
const CHARACTER = 0.63;

/** What ECharts asks a browser for: room for text. */
function measureText(text: string, font = "12px"): { width: number } {
  return { width: text.length * CHARACTER * Number.parseFloat(/[\d.]+(?=px)/.exec(font)?.[0] ?? "12") };
}

/** One SVG element with title and description. */
export function drawChart(one: Chart): Html {
  const { description, height, id, option, title, width } = one;
  use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, LegendComponent, SVGRenderer]);
  setPlatformAPI({ measureText });
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({ animation: false, color: [...colours], ...option });
  const svg = chart.renderToSVGString({ useViewBox: true });
  chart.dispose();
  const name = html`<title id="${htmlText(`${id}-title`)}">${htmlText(title)}</title><desc id="${htmlText(`${id}-desc`)}">${htmlText(description)}</desc>`;
  // Hover styles have no use in a still picture; names count up with every chart of the process.
  const still = svg.replace(/<style[^>]*>.*?<\/style>\n?/gs, "").replace(/<[^<>]*>/g, (tag) =>
    withMark(tag, one.marks)
      .replace(/ (?:class|ecmeta_\w+|pointer-events|baseProfile|xmlns:xlink|version)="[^"]*"/g, "")
      .replace(/\bzr\d+-/g, `${id}-`)
      .replaceAll(INK, "currentColor"),
  );
  const start = still.indexOf(">");
  const label = ` role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc"`;
  return htmlDrawing(
    `${still.slice(0, start)}${label}>${String(name)}${withNames(still.slice(start + 1), one.names)}`.trimEnd(),
  );
}

/** A tag of a datum, which the library numbers, with the mark of it. */
function withMark(tag: string, marks: Chart["marks"]): string {
  const [, series, datum] =
    / ecmeta_series_index="(\d+)" ecmeta_data_index="(\d+)" ecmeta_ssr_type="chart"/.exec(tag) ?? [];
  const mark = marks?.[Number(series)]?.[Number(datum)];
  return mark === undefined ? tag : tag.replace(/^<\w+/, (start) => `${start}${markAttributes(mark)}`);
}

function withNames(svg: string, names: Chart["names"]): string {
  if (names === undefined) return svg;
  const byText = new Map([...names].map(([label, name]) => [String(htmlText(label)), name]));
  return svg.replace(/<text([^<>]*)>([^<>]*)<\/text>/g, (all, attributes: string, text: string) => {
    const name = byText.get(text);
    return name === undefined
      ? all
      : `<text${markAttributes({ name, text: "" })}${attributes}>${text}</text>`;
  });
}

/**
 * A name as a label. The library keeps the widths of texts in an object by text, where `__proto__` and its like are no keys:
 * it would write into what all objects share.
 */
function labelOf(name: string): string {
  const shown = visible(name);
  return shown in {} ? `${shown} ` : shown;
}

/** An axis with a name at each place. */
export function nameAxis(names: readonly string[]) {
  return {
    type: "category",
    inverse: true,
    data: names.map((_, place) => place),
    ...ink,
    axisLabel: { ...ink.axisLabel, formatter: (_: unknown, place: number) => labelOf(names[place] ?? "") },
  } as const;
}
