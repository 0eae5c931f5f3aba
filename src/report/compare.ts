/** Two reports side by side. */
import { z } from "zod";
import { InputError } from "../ir/errors.ts";

/** What a comparison reads of `report --json`. */
const reportSchema = z.object({
  model: z.string(),
  array: z.object({ pk: z.number(), pc: z.number() }),
  board: z.string(),
  clockMHz: z.number(),
  multipliers: z.number(),
  macs: z.number(),
  parameters: z.number(),
  cycles: z.number(),
  milliseconds: z.number(),
  framesPerSecond: z.number(),
  utilization: z.number(),
  traffic: z.object({ readBytes: z.number(), writeBytes: z.number(), megabytesPerSecond: z.number() }),
  limit: z.string(),
  resources: z.array(z.object({ resource: z.string(), needed: z.number() })).default([]),
  layers: z.array(z.object({ name: z.string(), cycles: z.number(), utilization: z.number() })),
});
type Compared = z.infer<typeof reportSchema>;

/** A figure of both builds; null where one lacks it. */
export interface Pair {
  readonly name: string;
  readonly first: number | null;
  readonly second: number | null;
}

export interface Comparison {
  /** Such as "squeezenet-1.0 on 16x16, pynq-z2". */
  readonly titles: readonly [string, string];
  readonly limits: readonly [string, string];
  readonly figures: readonly Pair[];
  /** Cycles by layer: those of the first build in order, then what only the second has. */
  readonly layers: readonly Pair[];
  /** Those of them whose cycles differ most, the largest difference first: at most MOST_CHANGED. */
  readonly changed: readonly Pair[];
}

const MOST_CHANGED = 5;

/** Reads the text of a file that `report --json` wrote. Throws InputError `not-a-report`. */
export function parseReport(path: string, text: string): Compared {
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch (error) {
    const first = error instanceof z.ZodError ? error.issues[0] : undefined;
    throw new InputError({
      code: "not-a-report",
      node: path,
      found: first ? `${first.path.join(".") || "the file"}: ${first.message}` : "no JSON",
      supported: "what `firebrick report --json` prints",
      fix: `write it again: firebrick report MODEL --json > ${path}`,
    });
  }
}

export function compareReports(a: Compared, b: Compared): Comparison {
  const title = ({ array, board, model }: Compared): string =>
    `${model} on ${array.pk}x${array.pc}${board === "none" ? "" : `, ${board}`}`;
  const pair = (name: string, of: (report: Compared) => number): Pair => ({
    name,
    first: of(a),
    second: of(b),
  });
  const cyclesOf = (report: Compared, layer: string): number | null =>
    report.layers.find(({ name }) => name === layer)?.cycles ?? null;
  const needed = (report: Compared, resource: string): number | null =>
    report.resources.find((use) => use.resource === resource)?.needed ?? null;
  const resources = new Set([...a.resources, ...b.resources].map(({ resource }) => resource));
  const names = new Set([...a.layers, ...b.layers].map(({ name }) => name));
  const layers = [...names].map((name) => ({ name, first: cyclesOf(a, name), second: cyclesOf(b, name) }));
  return {
    titles: [title(a), title(b)],
    limits: [a.limit, b.limit],
    figures: [
      pair("multipliers", (r) => r.multipliers),
      pair("clock, MHz", (r) => r.clockMHz),
      pair("multiply-accumulates", (r) => r.macs),
      pair("parameters", (r) => r.parameters),
      pair("cycles", (r) => r.cycles),
      pair("milliseconds", (r) => r.milliseconds),
      pair("frames a second", (r) => r.framesPerSecond),
      pair("utilisation", (r) => r.utilization),
      pair("bytes read", (r) => r.traffic.readBytes),
      pair("bytes written", (r) => r.traffic.writeBytes),
      pair("megabytes a second", (r) => r.traffic.megabytesPerSecond),
      ...[...resources].map((name) => ({ name, first: needed(a, name), second: needed(b, name) })),
    ],
    layers,
    changed: layers
      .filter((pair) => changeOf(pair) !== 0)
      .toSorted((one, other) => Math.abs(changeOf(other)) - Math.abs(changeOf(one)))
      .slice(0, MOST_CHANGED),
  };
}

/** second - first; a layer that one of them lacks takes no cycles there. */
export function changeOf({ first, second }: Pair): number {
  return (second === null ? 0 : second) - (first === null ? 0 : first);
}

/** second / first; null where one is missing or the first is 0. */
export function ratioOf({ first, second }: Pair): number | null {
  return first === null || second === null || first === 0 ? null : second / first;
}
