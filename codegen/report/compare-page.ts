/** Two reports side by side as one HTML file, in the frame of the report's page. */
import { ratioOf, type Comparison, type Pair } from "../../src/report/compare.ts";
import { render } from "../render.ts";
import { drawChart, ink, legend, type Chart } from "./chart.ts";
import { dataCell, escapeHtml } from "./html.ts";
import type { TableView } from "./tables.ts";

export function comparisonPage(comparison: Comparison): string {
  const [a, b] = comparison.titles;
  const both = `A: ${a}; B: ${b}`;
  return render("report.html", {
    title: escapeHtml(`${a} and ${b}`),
    limit: escapeHtml(`A: ${comparison.limits[0]} B: ${comparison.limits[1]}`),
    facts: comparison.figures.map(({ first, name, second }) => ({
      name,
      value: `${cell(first)} and ${cell(second)}`,
    })),
    sections: [
      {
        ...{ id: "layers", title: "Cycles of each layer", layout: "wide", drawn: true },
        text: escapeHtml(both),
        figures: [{ drawing: drawChart(layerChart(comparison)), caption: "" }],
        table: pairTable("Cycles of each layer", "layer", comparison.layers),
      },
    ],
  });
}

function layerChart({ layers, titles }: Comparison): Chart {
  return {
    id: "comparison",
    title: "Cycles of each layer",
    description: `Two bars a layer: A is ${titles[0]}, B is ${titles[1]}.`,
    width: 1000,
    height: 110 + 30 * layers.length,
    option: {
      grid: {
        left: 8,
        right: 24,
        top: 60,
        bottom: 40,
        outerBoundsMode: "same",
        outerBoundsContain: "axisLabel",
      },
      legend,
      xAxis: { type: "value", name: "cycles", nameLocation: "middle", nameGap: 28, ...ink },
      yAxis: { type: "category", inverse: true, data: layers.map(({ name }) => name), ...ink },
      series: (["first", "second"] as const).map((side, index) => ({
        type: "bar",
        name: index === 0 ? "A" : "B",
        data: layers.map((layer) => layer[side]),
      })),
    },
  };
}

function pairTable(caption: string, kind: string, pairs: readonly Pair[]): TableView {
  return {
    caption,
    head: [kind, "A", "B", "B / A"],
    rows: pairs.map((pair) => ({
      name: escapeHtml(pair.name),
      cells: [cell(pair.first), cell(pair.second), ratioOf(pair)?.toFixed(3) ?? ""],
    })),
  };
}

function cell(value: number | null): string {
  return value === null ? "none" : dataCell(value, 3);
}
