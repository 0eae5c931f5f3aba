import type { Family } from "./family.ts";
import { squeezenet, squeezenetName } from "./squeezenet.ts";
import type { SqueezenetOptions } from "./squeezenet.ts";

const NAME =
  /^squeezenet-(1\.[01])(?:-(simple|complex)-bypass)?((?:-(?:base|incr|freq|pct|sr)\d*\.?\d+)*)(?:-(\d+))?$/;

/** Each number's place in the options and the values that make a network. */
const NUMBERS = {
  base: { key: "baseExpand", whole: true, from: 8, to: 4096 },
  incr: { key: "expandIncrement", whole: true, from: 0, to: 4096 },
  freq: { key: "frequency", whole: true, from: 1, to: 8 },
  pct: { key: "share3x3", whole: false, from: 0, to: 1 },
  sr: { key: "squeezeRatio", whole: false, from: 0.01, to: 2 },
} as const;

const SMALLEST = 48;
const LARGEST = 1024;

/** The options that a name spells, undefined when it spells no network. */
export function parseSqueezenetName(name: string): SqueezenetOptions | undefined {
  const match = NAME.exec(name);
  if (!match) return undefined;
  const [, version, bypass = "none", numbers = "", size] = match;
  if (version !== "1.0" && version !== "1.1") return undefined;
  if (bypass !== "none" && bypass !== "simple" && bypass !== "complex") return undefined;
  const given = parseNumbers(numbers);
  const resolution = size === undefined ? undefined : Number(size);
  const fits = resolution === undefined || (resolution >= SMALLEST && resolution <= LARGEST);
  if (!given || !fits) return undefined;
  return { version, bypass, ...given, ...(resolution !== undefined && { resolution }) };
}

function parseNumbers(text: string): Record<string, number> | undefined {
  const options: Record<string, number> = {};
  for (const [, letters = "", digits = ""] of text.matchAll(/-([a-z]+)([\d.]+)/g)) {
    if (
      letters !== "base" &&
      letters !== "incr" &&
      letters !== "freq" &&
      letters !== "pct" &&
      letters !== "sr"
    )
      return undefined;
    const { key, whole, from, to } = NUMBERS[letters];
    const value = Number(digits);
    if (key in options || !(value >= from && value <= to) || (whole && !Number.isInteger(value)))
      return undefined;
    options[key] = value;
  }
  return options;
}

const LISTED: readonly SqueezenetOptions[] = [
  { version: "1.0" },
  { version: "1.0", resolution: 224 },
  { version: "1.1" },
  { version: "1.1", resolution: 227 },
  { version: "1.0", bypass: "simple" },
  { version: "1.0", bypass: "simple", resolution: 224 },
  { version: "1.0", bypass: "complex" },
  { version: "1.0", bypass: "complex", resolution: 224 },
];

export const squeezenetFamily: Family = {
  pattern:
    "squeezenet-1.0 or -1.1, then any of -simple-bypass or -complex-bypass, -baseN -incrN -freqN -pctX -srX, -SIZE",
  title: "SqueezeNet",
  source: "arXiv 1602.07360, seeded weights",
  names: LISTED.map(squeezenetName),
  describe(name) {
    const options = parseSqueezenetName(name);
    return options && squeezenet(options);
  },
};
