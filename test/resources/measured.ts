/** What `npm run calibrate` had Yosys count, beside today's accelerators. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Configuration } from "../../sim/synth/calibration/configurations.ts";
import type { Measured } from "../../sim/synth/calibration/measure.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { loadModel } from "../../src/load.ts";

export const measured = JSON.parse(
  readFileSync(new URL("measured.json", import.meta.url), "utf8"),
) as readonly Measured[];

export const nameOf = ({ activation, busBytes, family, network, packed, pc, pk }: Configuration): string =>
  `${network}${activation === null ? "" : ` with ${activation}`} on ${pk}x${pc}${packed ? ", packed" : ""}, ${8 * busBytes}-bit bus, ${family}`;

/** Networks of which seeded weights take seconds. */
export function isLarge(network: string): boolean {
  return /^squeezenet|-224$/.test(network);
}

const graphs = new Map<string, IntGraph>();

/** The network asks today for the memories and units that Yosys counted. */
export function expectSameSizes({ activation, network, ...one }: Measured): void {
  const key = `${network} ${activation}`;
  const graph = graphs.get(key) ?? loadModel(network, { activation: activation ?? undefined });
  graphs.set(key, graph);
  const { activations, busBytes, hardware, packed, pc, pk } = one;
  const plan = schedule(graph, { pk, pc, packed, busBytes });
  expect(plan.hardware).toEqual(hardware);
  expect(plan.activations.map(({ spec }) => ({ spec }))).toEqual(activations);
}
