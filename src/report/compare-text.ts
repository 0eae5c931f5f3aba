/** A comparison for the terminal. */
import { thousands } from "../ir/thousands.ts";
import { visible } from "../ir/visible.ts";
import { changeOf, ratioOf, type Comparison, type Pair } from "./compare.ts";
import { numbers, textTable } from "./text-table.ts";

export function formatComparison({ changed, figures, layers, limits, titles }: Comparison): string {
  return [
    `A: ${titles[0]}\nB: ${titles[1]}`,
    tableOf("figure", figures),
    tableOf("cycles of layer", layers),
    ...(changed.length > 0 ? [`changed most: ${changed.map(changeSentence).join("; ")}`] : []),
    `A: ${limits[0]}\nB: ${limits[1]}`,
    "",
  ].join("\n");
}

/** Such as "conv1 -1,200 cycles (0.700 times)". */
export function changeSentence(pair: Pair): string {
  const change = changeOf(pair);
  const ratio = ratioOf(pair);
  const times = ratio === null ? "" : ` (${ratio.toFixed(3)} times)`;
  return `${visible(pair.name)} ${change > 0 ? "+" : ""}${thousands(change)} cycles${times}`;
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
