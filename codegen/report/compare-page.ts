/** Two reports side by side as one HTML file, in the frame of the report's page. */
import { ratioOf, type Comparison, type Pair } from "../../src/report/compare.ts";
import { render } from "../render.ts";
import { changeSentence } from "../../src/report/compare-text.ts";
import { drawChart, ink, legend, type Chart } from "./chart.ts";
import { layerAxis } from "./charts.ts";
import { html, htmlText } from "../text/languages.ts";
import { dataCell, type Html } from "./html.ts";
import { prefixSentence } from "./labels.ts";
import { counted } from "./mark.ts";
import type { TableView } from "./tables.ts";

export function comparisonPage(comparison: Comparison): string {
  const [a, b] = comparison.titles;
  const both = `A: ${a}; B: ${b}.${prefixSentence(comparison.layers.map(({ name }) => name))}`;
  const { changed } = comparison;
  return render("report.html", "html", {
    title: `${a} and ${b}`,
    limit: `A: ${comparison.limits[0]} B: ${comparison.limits[1]}`,
    facts: comparison.figures.map(({ first, name, second }) => ({
      name,
      value: html`${cell(first)} and ${cell(second)}${ratioText({ name, first, second })}`,
    })),
    sections: [
      {
        id: "changed",
        title: "What changed most",
        layout: "wide",
        drawn: false,
        text: changed.length > 0 ? changed.map(changeSentence).join("; ") : "No layer changed.",
        figures: [],
        table: pairTable("Layers whose cycles changed most", "layer", changed),
      },
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

/** Such as ", 0.700 times": what the second is of the first. */
function ratioText(pair: Pair): Html {
  const ratio = ratioOf(pair);
  return ratio === null ? html`` : html`, ${htmlText(ratio.toFixed(3))} times`;
}

function layerChart({ layers, titles }: Comparison): Chart {
  const { axis, names } = layerAxis(layers.map(({ name }) => name));
  const sides = ["first", "second"] as const;
  return {
    id: "comparison",
    title: "Cycles of each layer",
    description: `Two bars a layer: A is ${titles[0]}, B is ${titles[1]}.`,
    width: 1000,
    height: 110 + 30 * layers.length,
    names,
    marks: sides.map((side, index) =>
      layers.map((layer) => ({
        name: layer.name,
        text: `${index === 0 ? "A" : "B"}: ${shown(layer[side])} cycles, B / A ${ratioOf(layer)?.toFixed(3) ?? "unknown"}`,
      })),
    ),
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
      yAxis: axis,
      series: sides.map((side, index) => ({
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

const shown = (value: number | null): string => (value === null ? "no" : counted(value));

function cell(value: number | null): Html {
  return value === null ? html`none` : dataCell(value, 3);
}
