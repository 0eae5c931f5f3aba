import type { Answer } from "../ir/answer.ts";

/** Values that are written for people; --json has all of them. */
const SHOWN = 16;

/** "  12.3 %  tabby cat (281)" a line, or the values in one. */
export function formatAnswer({ top, values }: Answer): string {
  const percent = (score: number): string => (100 * score).toFixed(1).padStart(6);
  if (top.length > 0)
    return top.map(({ index, label, score }) => `${percent(score)} %  ${label} (${index})\n`).join("");
  const shown = values.slice(0, SHOWN).map((value) => String(Number(value.toPrecision(6))));
  const more = values.length > SHOWN ? ` and ${values.length - SHOWN} more: --json` : "";
  return `  ${values.length === 1 ? "value" : "values"} ${shown.join(" ")}${more}\n`;
}
