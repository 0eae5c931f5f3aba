/** An exploration as one HTML file, in the frame of the report's page. */
import type { Point } from "../../src/explore/explore.ts";
import type { Explored } from "../../src/explore/explored.ts";
import type { Resources } from "../../src/resources/family.ts";
import { weightSentence } from "../../src/explore/weight-sizes.ts";
import { render } from "../render.ts";
import { drawChart, ink, legend, type Chart } from "./chart.ts";
import { grid, valueAxis } from "./charts.ts";
import { html, htmlText } from "../text/languages.ts";
import { dataCell, type Html } from "./html.ts";
import type { TableView } from "./tables.ts";

/** A resource that speed is paid with. */
interface Cost {
  readonly id: string;
  readonly name: string;
  readonly of: (point: Point) => number;
}

const costs: readonly Cost[] = [
  { id: "lut", name: "look-up tables, estimated", of: ({ luts }) => luts },
  { id: "dsp", name: "DSP blocks, estimated", of: ({ dsps }) => dsps },
  { id: "ram", name: "on-chip memory, kbit, estimated", of: ({ ramBits }) => ramBits / 1024 },
  { id: "bandwidth", name: "bytes of memory a cycle", of: ({ memory }) => memory.bytes },
];

export function explorePage(explored: Explored): string {
  const { board, clockMHz, command, configurations, front, model, points, weightSizes } = explored;
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
          `${points.length - fitting.length} configurations are too large. ${weightSentence(weightSizes)}.`,
        figures: varied.map((cost) => ({ drawing: drawChart(costChart(cost, fitting, front)), caption: "" })),
        table: frontTable(explored),
      },
    ],
  });
}

function costChart({ id, name, of }: Cost, fitting: readonly Point[], front: readonly Point[]): Chart {
  const best = new Set(front);
  const places = (list: readonly Point[]) => list.map((point) => [of(point), point.framesPerSecond]);
  return {
    id: `front-${id}`,
    title: `Frames a second against ${name}`,
    description: `${fitting.length} configurations that fit, ${front.length} of which nothing beats; the table below has those.`,
    width: 960,
    height: 360,
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
        { type: "scatter", name: "beaten", symbolSize: 6, data: places(fitting.filter((p) => !best.has(p))) },
        { type: "scatter", name: "nothing beats it", symbol: "diamond", symbolSize: 12, data: places(front) },
      ],
    },
  };
}

function frontTable({ front, synthesis }: Explored): TableView {
  const synthesised = synthesis.length > 0;
  return {
    caption: "Configurations that nothing beats",
    head: [
      "array",
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
    ],
    rows: front.map(({ array, cycles, framesPerSecond, memory, utilization, ...point }, i) => ({
      name: `${array.pk}x${array.pc}`,
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
