/** An exploration as one HTML file, in the frame of the report's page. */
import type { Point } from "../../src/explore/explore.ts";
import type { Explored } from "../../src/explore/explored.ts";
import type { Resources } from "../../src/resources/family.ts";
import { weightSentence } from "../../src/explore/weight-sizes.ts";
import { render } from "../render.ts";
import { assert } from "../../src/ir/errors.ts";
import { item } from "../../src/ir/known.ts";
import { colours, drawChart, ink, legend, type Chart } from "./chart.ts";
import { grid, valueAxis } from "./charts.ts";
import { axes, costs, type Axis } from "./explore-axes.ts";
import { html, htmlText } from "../text/languages.ts";
import { dataCell, type Html } from "./html.ts";
import { counted } from "./mark.ts";
import type { TableView } from "./tables.ts";

export function explorePage(explored: Explored): string {
  const { board, clockMHz, command, configurations, model, points, weightSizes } = explored;
  const fitting = points.filter(({ fits }) => fits);
  // One memory needs no chart.
  const varied = costs.filter((cost) => new Set(fitting.map(cost.of)).size > 1);
  return render("report.html", "html", {
    title: `Accelerators for ${model.split("/").slice(-2).join("/")}`,
    limit: `The fastest that fits: ${command}`,
    facts: [
      { name: "board", value: htmlText(board) },
      { name: "clock, MHz", value: dataCell(clockMHz) },
      { name: "configurations", value: dataCell(configurations) },
      { name: "MACs", value: dataCell(explored.macs) },
      { name: "parameters", value: dataCell(explored.parameters) },
      ...weightSizes.map(({ bits, bytes }) => ({
        name: `bytes of ${bits}-bit weights`,
        value: dataCell(bytes),
      })),
    ],
    sections: [
      {
        id: "front",
        title: "What nothing beats",
        layout: "wide",
        drawn: true,
        text:
          "Nothing that fits has as many frames a second for as little of everything else. " +
          `${points.length - fitting.length} configurations are too large. ${weightSentence(weightSizes)}. ` +
          "A point that is chosen, in a chart or in the table, shows its command. " +
          "With JavaScript, the first chart takes other axes.",
        figures: varied.map((cost, place) => ({
          drawing: place === 0 ? withAxes(cost, explored) : drawChart(costChart(cost, explored)),
          caption: "",
        })),
        table: frontTable(explored),
      },
    ],
  });
}

/** Such as "16x8 at 8 bytes a cycle with weights=512 lines=4096 maps=0 kept=0". */
function nameOf({ array, buffers, memory }: Point): string {
  const own =
    buffers &&
    Object.entries({
      weights: buffers.weightWords,
      lines: buffers.lineBytes,
      maps: buffers.mapBytes,
      kept: buffers.keptWords,
    });
  const stated = own === null ? "" : ` with ${own.map(([name, size]) => `${name}=${size}`).join(" ")}`;
  return `${array.pk}x${array.pc} at ${memory.bytes} bytes a cycle${stated}`;
}

/** The chart of a cost with what the page's script needs to draw it on other axes. */
function withAxes(cost: Axis, explored: Explored): Html {
  const { limits, points } = explored;
  const plot = {
    axes: axes.map(({ better, limit, name }) => ({ name, better, limit: limit(limits) })),
    x: axes.indexOf(cost),
    y: 0,
    groups: groupsOf(explored).map(({ colour, name, size }) => ({ name, colour, size })),
    // the group's number, the name and a value for each axis
    points: groupsOf(explored).flatMap(({ points: list }, group) =>
      list.map((point) => [group, nameOf(point), ...axes.map(({ of }) => of(point))]),
    ),
  };
  assert(plot.points.length === points.length, "every point is in one group");
  return html`<div data-plot="${htmlText(JSON.stringify(plot))}">${drawChart(costChart(cost, explored))}</div>`;
}

/** Points that look the same, those below the others first. */
interface Group {
  readonly name: string;
  readonly points: readonly Point[];
  readonly symbol: "emptyCircle" | "circle" | "diamond";
  readonly size: number;
  readonly colour: string;
}

function groupsOf({ front, points }: Explored): readonly Group[] {
  const best = new Set(front);
  const colour = (index: number): string => item(colours, index);
  return [
    {
      name: "too large",
      points: points.filter(({ fits }) => !fits),
      ...{ symbol: "emptyCircle", size: 5, colour: colour(7) },
    },
    {
      name: "beaten",
      points: points.filter((point) => point.fits && !best.has(point)),
      ...{ symbol: "circle", size: 6, colour: colour(0) },
    },
    { name: "nothing beats it", points: front, symbol: "diamond", size: 12, colour: colour(1) },
  ];
}

function costChart({ id, limit, name, of }: Axis, explored: Explored): Chart {
  const { front, limits, points } = explored;
  const shown = groupsOf(explored).filter((group) => group.points.length > 0);
  const has = limit(limits);
  const fastest = Math.max(...points.map(({ framesPerSecond }) => framesPerSecond));
  return {
    id: `front-${id}`,
    title: `Frames a second against ${name}`,
    description: `${points.filter(({ fits }) => fits).length} configurations that fit, ${front.length} of which nothing beats; the table below has those.`,
    width: 960,
    height: 360,
    marks: shown.map((group) =>
      group.points.map((point) => ({
        name: nameOf(point),
        text: `${point.framesPerSecond.toFixed(1)} frames a second, ${name} ${counted(of(point))}, ${counted(point.cycles)} cycles`,
      })),
    ),
    option: {
      grid,
      legend,
      xAxis: valueAxis(name),
      yAxis: {
        ...valueAxis("frames a second"),
        nameLocation: "end",
        nameGap: 12,
        nameTextStyle: { ...ink.nameTextStyle, align: "left" },
      },
      series: [
        ...shown.map((group) => ({
          type: "scatter",
          name: group.name,
          symbol: group.symbol,
          symbolSize: group.size,
          itemStyle: { color: group.colour },
          data: group.points.map((point) => [of(point), point.framesPerSecond]),
        })),
        {
          type: "line",
          name: "front",
          step: "end",
          showSymbol: false,
          lineStyle: { width: 1, color: colours[1] },
          itemStyle: { color: colours[1] },
          data: stairs(front.map((point) => [of(point), point.framesPerSecond])),
        },
        ...(has === null
          ? []
          : [
              {
                type: "line",
                name: "what the board has",
                showSymbol: false,
                lineStyle: { width: 2, type: "dashed", color: colours[6] },
                itemStyle: { color: colours[6] },
                data: [
                  [has, 0],
                  [has, fastest],
                ],
              },
            ]),
      ],
    },
  };
}

/** The best speed for each cost: points in the order of their cost, each faster than those before it. */
function stairs(places: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  let best = 0;
  return places
    .toSorted(([cost, speed], [otherCost, otherSpeed]) => cost - otherCost || otherSpeed - speed)
    .filter(([, speed]) => {
      const isFaster = speed > best;
      best = Math.max(best, speed);
      return isFaster;
    });
}

function frontTable({ commands, front, synthesis }: Explored): TableView {
  const synthesised = synthesis.length > 0;
  return {
    caption: "Configurations that nothing beats",
    head: [
      "configuration",
      "bytes a cycle",
      "weight ring, words",
      "line buffer 1, bytes",
      "cycles",
      "frames a second",
      "utilisation",
      "look-up tables",
      "DSP blocks",
      "bits of on-chip memory",
      ...(synthesised ? ["LUT, synthesised", "FF", "DSP blocks", "block RAMs"] : []),
      "command",
    ],
    rows: front.map(({ cycles, framesPerSecond, memory, utilization, ...point }, i) => ({
      name: nameOf(item(front, i)),
      cells: [
        dataCell(memory.bytes, 3),
        dataCell(point.weightWords),
        dataCell(point.lineBytes),
        dataCell(cycles),
        dataCell(framesPerSecond, 1),
        dataCell(utilization, 3),
        dataCell(point.luts),
        dataCell(point.dsps),
        dataCell(point.ramBits),
        ...(synthesised ? countedCells(synthesis[i]) : []),
        html`<code>${htmlText(item(commands, i))}</code>`,
      ],
    })),
  };
}

/** Empty for what was not synthesised. */
function countedCells(of: Resources | undefined): readonly Html[] {
  return of
    ? [of.lut, of.ff, of.dsp, of.blockRam].map((count) => dataCell(count))
    : [html``, html``, html``, html``];
}
