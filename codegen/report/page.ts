/** A report as one HTML file that needs no network: templates/report.html.hbs with everything worked out. */
import type { ModelReport } from "../../src/report/model-report.ts";
import { render } from "../render.ts";
import { drawChart } from "./chart.ts";
import {
  histogramChart,
  memoryChart,
  resourceChart,
  rooflineChart,
  timelineChart,
  trafficChart,
} from "./charts.ts";
import { graphSvg } from "./graph.ts";
import { dataCell, escapeHtml } from "./html.ts";
import {
  blockTable,
  histogramTable,
  layerTable,
  memoryTable,
  resourceTable,
  rooflineTable,
  trafficTable,
  type TableView,
} from "./tables.ts";

interface SectionView {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly figures: readonly string[];
  readonly small: boolean;
  readonly table: TableView;
}

/** The whole page; the same report gives the same bytes. */
export function reportPage(report: ModelReport): string {
  return render("report.html", {
    title: escapeHtml(`${report.model} on ${report.array.pk}x${report.array.pc}`),
    limit: escapeHtml(report.limit),
    facts: facts(report),
    sections: sections(report),
  });
}

function facts(report: ModelReport): readonly { readonly name: string; readonly value: string }[] {
  const { array, board, memory, traffic } = report;
  return [
    { name: "network", value: escapeHtml(report.network) },
    { name: "array", value: `${array.pk} lanes of ${array.pc} multipliers` },
    { name: "board", value: escapeHtml(board) },
    { name: "memory", value: `${memory.bytes} bytes a cycle, ${memory.latency} cycles latency` },
    { name: "cycles an image", value: dataCell(report.cycles) },
    { name: `milliseconds at ${report.clockMHz} MHz`, value: dataCell(report.milliseconds, 3) },
    { name: "frames a second", value: dataCell(report.framesPerSecond, 1) },
    { name: "utilisation", value: dataCell(report.utilization, 3) },
    { name: "multiply-accumulates", value: dataCell(report.macs) },
    { name: "multiply-accumulates a multiplier", value: dataCell(report.macsPerMultiplier, 0) },
    { name: "parameters", value: dataCell(report.parameters) },
    { name: "bytes read", value: dataCell(traffic.readBytes) },
    { name: "bytes written", value: dataCell(traffic.writeBytes) },
    { name: "megabytes a second", value: dataCell(traffic.megabytesPerSecond, 0) },
  ];
}

function sections(report: ModelReport): readonly SectionView[] {
  const one = { small: false } as const;
  const all: SectionView[] = [
    {
      ...{ ...one, id: "layers", title: "Layer timeline", figures: [drawChart(timelineChart(report))] },
      text: "What the array does from the start of an image to its end, by the cycle model.",
      table: layerTable(report),
    },
    {
      ...{ ...one, id: "roof", title: "Roofline", figures: [drawChart(rooflineChart(report))] },
      text: "A layer under the slope waits for memory; one under the flat part has all the bandwidth it can use.",
      table: rooflineTable(report),
    },
    {
      ...{ ...one, id: "bytes", title: "Memory traffic", figures: [drawChart(trafficChart(report))] },
      text: "Maps between the layers of a block never go to memory.",
      table: trafficTable(report),
    },
    {
      ...{ ...one, id: "network", title: "Network graph", figures: [graphSvg(report)] },
      text: "Each box is a fused block, each line in it a layer.",
      table: blockTable(report),
    },
    {
      ...{ ...one, id: "map", title: "Memory map", figures: [drawChart(memoryChart(report))] },
      text: "Feature maps in the workspace by the blocks that need them.",
      table: memoryTable(report),
    },
  ];
  if (report.resources.length > 0)
    all.push({
      ...{ ...one, id: "fit", title: "Resources", figures: [drawChart(resourceChart(report))] },
      text: "Counted from the modules without synthesis: an estimate.",
      table: resourceTable(report),
    });
  all.push({
    ...{ id: "histograms", title: "Weight histograms", small: true },
    figures: report.weightHistograms.map((one, index) => drawChart(histogramChart(one, index))),
    text: "Weights less their zero point, in steps of 16.",
    table: histogramTable(report),
  });
  return all;
}
