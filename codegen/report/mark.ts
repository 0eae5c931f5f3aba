/** What a reader meets in a chart: a mark has the name of a layer, by which it can be chosen, and its numbers. */
import { thousands } from "../../src/ir/thousands.ts";
import { htmlText } from "../text/languages.ts";

export interface Mark {
  /** Of a layer, or of several: `a, b`. */
  readonly name: string;
  /** What it says when it is pointed at, beside the name. */
  readonly text: string;
}

/** Attributes of an SVG element, with a space in front. */
export function markAttributes({ name, text }: Mark): string {
  return ` data-name="${attribute(name)}" data-text="${attribute(text)}"`;
}

/** No name shall look like an attribute to who looks for one. */
const attribute = (text: string): string => String(htmlText(text)).replaceAll("=", "&#61;");

/** A number as a tooltip shows it: whole ones exactly, others with three figures behind the point. */
export const counted = (value: number): string =>
  Number.isInteger(value) ? thousands(value) : value.toFixed(3);
