/** The tables beside the charts: every number of a chart, exactly as the JSON has it. */
import type { Histogram } from "../../src/report/histogram.ts";
import { limitText } from "../../src/report/limits.ts";
import type { ClassScore } from "../../src/ir/answer.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import type { QuantisationRow } from "../../src/report/quantisation.ts";
import { partNames, parts } from "../../src/report/split.ts";
import { trafficKinds } from "./charts.ts";
import { html, htmlText } from "../text/languages.ts";
import { dataCell, type Html } from "./html.ts";

export type TableView = {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell names the row. */
  readonly rows: readonly { readonly name: string; readonly cells: readonly Html[] }[];
};

export function layerTable({ layers }: ModelReport): TableView {
  return {
    caption: "Cycles of each layer",
    head: [
      "layer",
      "engine",
      "MACs",
      "cycles",
      "utilisation",
      ...parts.map((part) => partNames[part]),
      "limit",
    ],
    rows: layers.map(({ cycles, engine, limit, macs, name, split, utilization }) => ({
      name,
      cells: [
        htmlText(engine),
        dataCell(macs),
        dataCell(cycles),
        dataCell(utilization, 3),
        ...parts.map((part) => dataCell(split[part])),
        htmlText(limitText(limit)),
      ],
    })),
  };
}

export function rooflineTable({ blocks }: ModelReport): TableView {
  return {
    caption: "Intensity and speed of each block",
    head: ["block", "layers", "MACs", "bytes", "cycles", "MACs a byte", "billion MACs a second"],
    rows: blocks.map(({ cycles, gigaMacs, intensity, layers, macs, movedBytes }, index) => ({
      name: String(index),
      cells: [
        htmlText(layers.join(", ")),
        dataCell(macs),
        dataCell(movedBytes, 0),
        dataCell(cycles),
        dataCell(intensity, 2),
        dataCell(gigaMacs, 3),
      ],
    })),
  };
}

export function waterfallTable({ waterfall }: ModelReport): TableView {
  return {
    caption: "Cycles from peak to achieved",
    head: ["step", "from", "to"],
    rows: waterfall.map(({ from, name, to }) => ({ name, cells: [dataCell(from, 1), dataCell(to, 1)] })),
  };
}

export function trafficTable({ layers }: ModelReport): TableView {
  return {
    caption: "Bytes of each layer",
    head: ["layer", ...trafficKinds],
    rows: layers.map(({ name, traffic }) => ({
      name,
      cells: trafficKinds.map((kind) => dataCell(traffic[kind])),
    })),
  };
}

export function memoryTable({ memoryMap }: ModelReport): TableView {
  return {
    caption: "Everything in memory",
    head: ["what", "region", "kind", "offset", "bytes", "from block", "to block"],
    rows: memoryMap.map(({ bytes, from, kind, name, offset, region, to }) => ({
      name,
      cells: [
        htmlText(region),
        htmlText(kind),
        dataCell(offset),
        dataCell(bytes),
        dataCell(from),
        dataCell(to),
      ],
    })),
  };
}

export function blockTable({ blocks }: ModelReport): TableView {
  return {
    caption: "Fused blocks",
    head: ["block", "layers", "input", "output", "weights are read", "cycles"],
    rows: blocks.map(({ cycles, input, layers, output, weightLoads }, index) => ({
      name: String(index),
      cells: [
        ...[layers.join(", "), input.join(" x "), output.join(" x ")].map(htmlText),
        weightLoads === 1 ? html`once` : html`${weightLoads} times`,
        dataCell(cycles),
      ],
    })),
  };
}

export function resourceTable({ resources }: ModelReport): TableView {
  return {
    caption: "Resources, estimated without synthesis",
    head: ["resource", "needed", "available"],
    rows: resources.map((use) => ({
      name: use.resource,
      cells: [dataCell(use.needed), dataCell(use.available)],
    })),
  };
}

export function histogramTable(
  caption: string,
  kind: "weights" | "activations",
  histograms: readonly Histogram[],
): TableView {
  return {
    caption,
    head: ["layer", kind, "smallest", "largest", "zeros"],
    rows: histograms.map(({ layer, max, min, values, zeros }) => ({
      name: layer,
      cells: [dataCell(values), dataCell(min), dataCell(max), dataCell(zeros)],
    })),
  };
}

export function quantisationTable(rows: readonly QuantisationRow[]): TableView {
  const measured = rows.some(({ error }) => error !== null);
  const shown = rows.some(({ input }) => input !== null);
  const decibels = (value: number | null): Html => (value === null ? html`exact` : dataCell(value, 2));
  const none = html``;
  return {
    caption: "Quantisation of each map",
    head: [
      "layer",
      "operator",
      "step",
      "zero point",
      "smallest",
      "largest",
      ...(measured ? ["dB against float", "outside the range"] : []),
      ...(shown ? ["dB that the step allows", "at an end of the range"] : []),
    ],
    rows: rows.map(({ error, high, input, layer, low, operator, scale, zeroPoint }) => ({
      name: layer,
      cells: [
        htmlText(operator),
        dataCell(scale, 6),
        dataCell(zeroPoint),
        dataCell(low, 3),
        dataCell(high, 3),
        ...(measured ? (error ? [decibels(error.snrDb), dataCell(error.saturated, 6)] : [none, none]) : []),
        ...(shown ? (input ? [decibels(input.roundingSnrDb), dataCell(input.atEnds, 6)] : [none, none]) : []),
      ],
    })),
  };
}

/** Rows of a table of values: a map can have many thousands. */
const VALUES = 100;

/** Of an output without classes. */
export function valueTable(values: readonly number[]): TableView {
  const shown = values.slice(0, VALUES);
  return {
    caption: shown.length < values.length ? `The first ${VALUES} values` : "The values",
    head: ["number", "value"],
    rows: shown.map((value, index) => ({ name: String(index), cells: [dataCell(value, 6)] })),
  };
}

export function classTable(top: readonly ClassScore[]): TableView {
  return {
    caption: "The best classes",
    head: ["class", "number", "probability"],
    rows: top.map(({ index, label, score }) => ({
      name: label,
      cells: [dataCell(index), dataCell(score, 4)],
    })),
  };
}
