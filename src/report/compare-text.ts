/** A comparison for the terminal. */
import Table from "cli-table3";
import { visible } from "../ir/visible.ts";
import { ratioOf, type Comparison, type Pair } from "./compare.ts";

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
  const table = new Table({
    head: [title, "A", "B", "B / A"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  const shown = (value: number | null): string =>
    value === null ? "" : Number.isInteger(value) ? String(value) : value.toFixed(3);
  for (const pair of pairs)
    table.push([visible(pair.name), shown(pair.first), shown(pair.second), ratioOf(pair)?.toFixed(3) ?? ""]);
  return table.toString();
}
