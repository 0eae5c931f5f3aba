/** Cells of tables and facts. */
import type { Code } from "../text/code.ts";
import { html, htmlText } from "../text/languages.ts";

export type Html = Code<"html">;

/** A number for people, with its exact value, as the JSON has it, for machines. */
export function dataCell(value: number, digits = 0): Html {
  const shown = Number.isInteger(value)
    ? value.toLocaleString("en-US")
    : value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return html`<data value="${value}">${htmlText(shown)}</data>`;
}
