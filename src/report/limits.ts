/** What keeps a layer, or the whole network, from being faster: in words. */
import { parts, totalOf, type Part, type Split } from "./split.ts";

/** `lanes`: the array steps, but the layer's shape leaves multipliers without work. */
export type Limit = Part | "lanes";

const words: Readonly<Record<Limit, string>> = {
  program: "loading the program",
  compute: "compute",
  lanes: "compute on a part of the array",
  rows: "waiting for feature-map rows",
  weights: "waiting for weights",
  output: "requantising and writing results",
  space: "waiting for line-buffer space",
  setup: "set-up between rows",
  drain: "the last results on their way out",
};

/** Below this share of multipliers at work in a step, the shape of the layer is the limit. */
const BUSY = 0.7;

/** `busy`: share of the multipliers that have work in a step, 0 to 1. */
export function limitOf(split: Split, busy: number): Limit {
  const largest = parts.reduce<Part>((best, part) => (split[part] > split[best] ? part : best), "compute");
  return largest === "compute" && busy < BUSY ? "lanes" : largest;
}

export function limitText(limit: Limit): string {
  return words[limit];
}

export interface LimitedLayer {
  readonly name: string;
  readonly split: Split;
}

/**
 * The whole in two sentences: what takes the most cycles, how much of the array works meanwhile, and the largest loss
 * with the layer that loses most of it; then the layer that takes the most cycles.
 */
export function limitSentence(whole: Split, busy: number, layers: readonly LimitedLayer[]): string {
  const total = totalOf(whole);
  const percent = (n: number): string => `${(100 * n).toFixed(1)} %`;
  const limit = limitOf(whole, busy);
  const share = whole[limit === "lanes" ? "compute" : limit] / total;
  const losses = parts.filter((part) => part !== "compute" && part !== limit && whole[part] > 0);
  const [loss] = losses.sort((a, b) => whole[b] - whole[a]);
  const start =
    `Limited by ${words[limit]}, ${percent(share)} of the cycles; ` +
    `in a step ${percent(busy)} of the multipliers have work`;
  const [costliest] = [...layers].sort((a, b) => totalOf(b.split) - totalOf(a.split));
  const most =
    costliest === undefined
      ? ""
      : ` Most cycles go to ${costliest.name}, ${percent(totalOf(costliest.split) / total)}.`;
  if (loss === undefined) return `${start}.${most}`;
  const [worst] = [...layers].sort((a, b) => b.split[loss] - a.split[loss]);
  const where = worst === undefined ? "" : `, most of it in ${worst.name}`;
  return `${start}; ${words[loss]} takes ${percent(whole[loss] / total)}${where}.${most}`;
}

/** What takes cycles away from each limit of an array, with the option that says so. */
const remedies: Readonly<Record<Limit, string>> = {
  program: "images one behind the other, which keep the program",
  compute: "more multipliers (--array), or more zeros among the weights (compress --balanced)",
  lanes: "an array of another shape (explore tries all)",
  rows: "more bytes a cycle from memory (--memory bytes=), or maps on the chip (--buffers maps=)",
  weights:
    "more bytes a cycle from memory (--memory bytes=), or weights that stay on the chip (--buffers kept=)",
  output: "an array of another shape (explore tries all)",
  space: "a larger line buffer (--buffers lines=)",
  setup: "an array with fewer lanes and more multipliers in each (explore tries all)",
  drain: "an array with fewer lanes and more multipliers in each (explore tries all)",
};
/** Share of the cycles from which on a loss beside the limit is worth a remedy. */
const WORTH = 0.05;

/** What would make it faster: remedies for the limit and for the largest loss beside it, largest first. */
export function remedySentence(whole: Split, busy: number): string {
  const limit = limitOf(whole, busy);
  const total = totalOf(whole);
  const losses = parts.filter((part) => part !== "compute" && part !== limit && whole[part] >= WORTH * total);
  const [loss] = losses.sort((a, b) => whole[b] - whole[a]);
  const texts = [limit, ...(loss === undefined ? [] : [loss])].map((one) => remedies[one]);
  return `What would make it faster: ${[...new Set(texts)].join("; ")}.`;
}
