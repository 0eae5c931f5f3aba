/** A comparison for the terminal. */
import { visible } from "../ir/visible.ts";
import { ratioOf, type Comparison, type Pair } from "./compare.ts";
import { numbers, textTable } from "./text-table.ts";

export function formatComparison({ figures, layers, limits, titles }: Comparison): string {
  return [
    `A: ${titles[0]}\nB: ${titles[1]}`,
    tableOf("figure", figures),
    tableOf("cycles of layer", layers),
    `A: ${limits[0]}\nB: ${limits[1]}`,
    "",
  ].join("\n");
}

function tableOf(title: string, pairs: readonly Pair[]): string {
  const shown = (value: number | null): string =>
    value === null ? "" : Number.isInteger(value) ? String(value) : value.toFixed(3);
  const rows = pairs.map((pair) => [
    visible(pair.name),
    shown(pair.first),
    shown(pair.second),
    ratioOf(pair)?.toFixed(3) ?? "",
  ]);
  return textTable([title, numbers("A"), numbers("B"), numbers("B / A")], rows);
}
