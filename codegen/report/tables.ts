/** The tables beside the charts: every number of a chart, exactly as the JSON has it. */
import { limitText } from "../../src/report/limits.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import { parts } from "../../src/report/split.ts";
import { partNames, trafficKinds } from "./charts.ts";
import { dataCell, escapeHtml } from "./html.ts";

export interface TableView {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell names the row; all are HTML. */
  readonly rows: readonly { readonly name: string; readonly cells: readonly string[] }[];
}

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
      name: escapeHtml(name),
      cells: [
        engine,
        dataCell(macs),
        dataCell(cycles),
        dataCell(utilization, 3),
        ...parts.map((part) => dataCell(split[part])),
        limitText(limit),
      ],
    })),
  };
}

export function rooflineTable({ layers }: ModelReport): TableView {
  return {
    caption: "Intensity and speed of each layer",
    head: ["layer", "MACs a byte", "billion MACs a second"],
    rows: layers.map(({ gigaMacs, intensity, name }) => ({
      name: escapeHtml(name),
      cells: [dataCell(intensity, 2), dataCell(gigaMacs, 3)],
    })),
  };
}

export function trafficTable({ layers }: ModelReport): TableView {
  return {
    caption: "Bytes of each layer",
    head: ["layer", ...trafficKinds],
    rows: layers.map(({ name, traffic }) => ({
      name: escapeHtml(name),
      cells: trafficKinds.map((kind) => dataCell(traffic[kind])),
    })),
  };
}

export function memoryTable({ memoryMap }: ModelReport): TableView {
  return {
    caption: "Everything in memory",
    head: ["what", "region", "kind", "offset", "bytes", "from block", "to block"],
    rows: memoryMap.map(({ bytes, from, kind, name, offset, region, to }) => ({
      name: escapeHtml(name),
      cells: [region, kind, dataCell(offset), dataCell(bytes), dataCell(from), dataCell(to)],
    })),
  };
}

export function blockTable({ blocks }: ModelReport): TableView {
  return {
    caption: "Fused blocks",
    head: ["block", "layers", "input", "output", "weights are read", "cycles"],
    rows: blocks.map(({ cycles, input, layers, output, passes }, index) => ({
      name: String(index),
      cells: [
        escapeHtml(layers.join(", ")),
        input.join(" x "),
        output.join(" x "),
        passes === 1 ? "once" : `${passes} times`,
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
      name: escapeHtml(use.resource),
      cells: [dataCell(use.needed), dataCell(use.available)],
    })),
  };
}

export function histogramTable({ weightHistograms }: ModelReport): TableView {
  return {
    caption: "Weights less their zero point",
    head: ["layer", "weights", "smallest", "largest", "zeros"],
    rows: weightHistograms.map(({ layer, max, min, values, zeros }) => ({
      name: escapeHtml(layer),
      cells: [dataCell(values), dataCell(min), dataCell(max), dataCell(zeros)],
    })),
  };
}
