/** A report as one HTML file that needs no network: templates/report.html.hbs with everything worked out. */
import type { Histogram } from "../../src/report/histogram.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import { quantisationSentence } from "../../src/report/quantisation.ts";
import { render } from "../render.ts";
import { drawChart } from "./chart.ts";
import {
  hasWorkspace,
  memoryChart,
  resourceChart,
  rooflineChart,
  trafficChart,
  waterfallChart,
} from "./charts.ts";
import { graphSvg } from "./graph.ts";
import { html, htmlDataAddress, htmlText } from "../text/languages.ts";
import { dataCell, type Html } from "./html.ts";
import { prefixSentence } from "./labels.ts";
import {
  blockTable,
  classTable,
  histogramTable,
  layerTable,
  memoryTable,
  quantisationTable,
  resourceTable,
  rooflineTable,
  trafficTable,
  valueTable,
  waterfallTable,
  type TableView,
} from "./tables.ts";
import { timelineSvg } from "./timeline.ts";
import { classChart, histogramChart, quantisationChart } from "./value-charts.ts";

type FigureView = {
  /** SVG or an image. */
  readonly drawing: Html;
  /** Empty for none: the section says it all. */
  readonly caption: string;
};

type SectionView = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly figures: readonly FigureView[];
  /** wide: one below the other; small: many side by side; pair: a picture and its chart. */
  readonly layout: "wide" | "small" | "pair";
  readonly table: TableView;
};

/** The whole page; the same report gives the same bytes. `picture`: the input as a `data:` address, where it is one. */
export function reportPage(report: ModelReport, picture?: string): string {
  return render("report.html", "html", {
    title: `${fileName(report.model, 2)} on ${report.array.pk}x${report.array.pc}`,
    limit: report.limit,
    facts: facts(report),
    sections: [...answerSection(report, picture), ...hardwareSections(report), ...valueSections(report)].map(
      (section) => ({ ...section, drawn: section.figures.length > 0 }),
    ),
  });
}

const figure = (drawing: Html, caption = ""): FigureView => ({ drawing, caption });

/** The last parts of a path: enough to know the file by. */
const fileName = (path: string, parts = 1): string => path.split("/").slice(-parts).join("/");

function facts(report: ModelReport): readonly { readonly name: string; readonly value: Html }[] {
  const { array, board, memory, traffic } = report;
  return [
    { name: "network", value: htmlText(report.network) },
    { name: "array", value: html`${array.pk} lanes of ${array.pc} multipliers` },
    { name: "board", value: htmlText(board) },
    { name: memory.kind, value: html`${memory.bytes} bytes a cycle, ${memory.latency} cycles latency` },
    { name: "cycles an image", value: dataCell(report.cycles) },
    { name: `milliseconds at ${report.clockMHz} MHz`, value: dataCell(report.milliseconds, 3) },
    { name: "frames a second", value: dataCell(report.framesPerSecond, 1) },
    { name: "utilisation", value: dataCell(report.utilization, 3) },
    { name: "MACs", value: dataCell(report.macs) },
    { name: "MACs a multiplier", value: dataCell(report.macsPerMultiplier, 0) },
    ...(report.dsps === null || report.macsPerDsp === null
      ? []
      : [
          { name: "DSP blocks, estimated", value: dataCell(report.dsps) },
          { name: "MACs a DSP block", value: dataCell(report.macsPerDsp, 0) },
        ]),
    { name: "parameters", value: dataCell(report.parameters) },
    { name: "bytes read", value: dataCell(traffic.readBytes) },
    { name: "bytes written", value: dataCell(traffic.writeBytes) },
    { name: "megabytes a second", value: dataCell(traffic.megabytesPerSecond, 0) },
    ...report.host.map(({ kind, name }) => ({ name: `${kind}, on the host`, value: htmlText(name) })),
  ];
}

/** What the network says of the input: its best classes, else the values of its output. */
function answerSection({ input }: ModelReport, picture: string | undefined): readonly SectionView[] {
  if (input === null) return [];
  const file = fileName(input.file);
  const shown =
    picture === undefined
      ? []
      : [
          html`<img src="${htmlDataAddress(picture)}" alt="${htmlText(file)} as the network sees it" width="280">`,
        ];
  const text = `What the network, computed integer for integer, says of ${file}.`;
  if (input.top.length > 0) {
    const figures = [...shown, drawChart(classChart(input.top))].map((drawing) => figure(drawing));
    return [
      { id: "classes", title: "Class scores", layout: "pair", table: classTable(input.top), text, figures },
    ];
  }
  return [
    {
      id: "values",
      title: "Output",
      layout: "pair",
      table: valueTable(input.values),
      text,
      figures: shown.map((drawing) => figure(drawing)),
    },
  ];
}

/** What the accelerator does. */
function hardwareSections(report: ModelReport): readonly SectionView[] {
  const one = { layout: "wide" } as const;
  const all: SectionView[] = [
    {
      ...one,
      id: "layers",
      title: "Layer timeline",
      figures: [figure(timelineSvg(report))],
      text:
        "What the array does from the start of an image to its end, by the cycle model." +
        prefixSentence(report.layers.map(({ name }) => name)),
      table: layerTable(report),
    },
    {
      ...one,
      id: "losses",
      title: "From peak to achieved",
      figures: [figure(drawChart(waterfallChart(report)))],
      text:
        "Cycles with every multiplier at work, then what is lost: to layers whose shape leaves multipliers without work, to depthwise layers " +
        "among them, to filling and setting up, to waiting for memory, to results on their way out.",
      table: waterfallTable(report),
    },
    {
      ...one,
      id: "roof",
      title: "Roofline",
      figures: [figure(drawChart(rooflineChart(report)))],
      text:
        "A block under the slope waits for memory; one under the flat part has all the bandwidth it can use. " +
        "Bytes are those on the bus during the block's cycles: weights and rows of the next block come early, results leave late.",
      table: rooflineTable(report),
    },
    {
      ...one,
      id: "bytes",
      title: "Memory traffic",
      figures: [figure(drawChart(trafficChart(report)))],
      text: "Maps between the layers of a block never go to memory.",
      table: trafficTable(report),
    },
    {
      ...one,
      id: "network",
      title: "Network graph",
      figures: [figure(graphSvg(report))],
      text: "Each box is a fused block, each line in it a layer.",
      table: blockTable(report),
    },
    {
      ...one,
      id: "map",
      title: "Memory map",
      figures: hasWorkspace(report) ? [figure(drawChart(memoryChart(report)))] : [],
      text: hasWorkspace(report)
        ? "Feature maps in the workspace by the blocks that need them."
        : "No feature map between blocks goes to memory.",
      table: memoryTable(report),
    },
  ];
  if (report.resources.length > 0)
    all.push({
      ...one,
      id: "fit",
      title: "Resources",
      figures: [figure(drawChart(resourceChart(report)))],
      text: `Counted from the modules without synthesis: an estimate. ${report.fit ?? ""}`,
      table: resourceTable(report),
    });
  return all;
}

/** What it computes with. */
function valueSections(report: ModelReport): readonly SectionView[] {
  const { activationHistograms, input, quantisation, weightHistograms } = report;
  const chart = quantisationChart(quantisation);
  const histograms = (kind: "weights" | "activations", list: readonly Histogram[]) =>
    list.map((one, index) => figure(drawChart(histogramChart(kind, index, one)), one.layer));
  const sections: SectionView[] = [
    {
      id: "quantisation",
      title: "Quantisation error",
      layout: "wide",
      text:
        quantisationSentence(quantisation) +
        (input === null
          ? " With --input, what each step costs for a picture is shown too."
          : " What a step allows is the power of the values over that of rounding to the step."),
      figures: chart === null ? [] : [figure(drawChart(chart))],
      table: quantisationTable(quantisation),
    },
    {
      id: "weight-histograms",
      title: "Weight histograms",
      layout: "small",
      text: "Weights less their zero point, in steps of 16.",
      figures: histograms("weights", weightHistograms),
      table: histogramTable("Weights less their zero point", "weights", weightHistograms),
    },
  ];
  if (input !== null)
    sections.push({
      id: "activation-histograms",
      title: "Activation histograms",
      layout: "small",
      text: `Integers of every map for ${fileName(input.file)}, in steps of 8.`,
      figures: histograms("activations", activationHistograms),
      table: histogramTable("Integers of each map", "activations", activationHistograms),
    });
  return sections;
}
