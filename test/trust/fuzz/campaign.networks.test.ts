/** The short form of `npm run fuzz`. */
import { beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../../src/platform/package.ts";
import { bundle } from "../../../src/setup/bundle.mjs";
import { runCampaign, type CampaignResult } from "./campaign.ts";
import { readers } from "./readers/index.ts";

const RUNS = 150;
let result: CampaignResult;

beforeAll(async () => {
  const script = await bundle(packageRoot(), "test/trust/fuzz/worker.ts");
  result = await runCampaign({ seed: 1, runs: RUNS, simulated: 0, script, onProgress: () => undefined });
});

describe("damaged files", () => {
  it("are accepted or refused, whatever they hold", () => expect(result.failures).toEqual([]));

  it("reach every step before the simulation, and most readers' refusals", () => {
    const tallies = [...result.tallies.values()];
    const total = (of: (tally: (typeof tallies)[number]) => number) =>
      tallies.reduce((sum, tally) => sum + of(tally), 0);
    expect(total(({ accepted, failed, refused }) => accepted + failed + refused)).toBe(RUNS);
    expect(total(({ golden }) => golden)).toBeGreaterThan(3);
    expect(total(({ compiled }) => compiled)).toBeGreaterThan(0);
    expect(tallies.filter(({ refused }) => refused > 0).length).toBeGreaterThan(readers.length / 2);
  });
});
