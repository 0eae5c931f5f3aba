/** Two reports side by side as one HTML file, in the frame of the report's page. */
import { ratioOf, type Comparison, type Pair } from "../../src/report/compare.ts";
import { render } from "../render.ts";
import { drawChart, ink, legend, nameAxis, type Chart } from "./chart.ts";
import { html, htmlText } from "../text/languages.ts";
import { dataCell, type Html } from "./html.ts";
import type { TableView } from "./tables.ts";

export function comparisonPage(comparison: Comparison): string {
  const [a, b] = comparison.titles;
  const both = `A: ${a}; B: ${b}`;
  return render("report.html", "html", {
    title: `${a} and ${b}`,
    limit: `A: ${comparison.limits[0]} B: ${comparison.limits[1]}`,
    facts: comparison.figures.map(({ first, name, second }) => ({
      name,
      value: html`${cell(first)} and ${cell(second)}`,
    })),
    sections: [
      {
        id: "layers",
        title: "Cycles of each layer",
        layout: "wide",
        drawn: true,
        text: both,
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
      yAxis: nameAxis(layers.map(({ name }) => name)),
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
      name: pair.name,
      cells: [cell(pair.first), cell(pair.second), htmlText(ratioOf(pair)?.toFixed(3) ?? "")],
    })),
  };
}

function cell(value: number | null): Html {
  return value === null ? html`none` : dataCell(value, 3);
}
