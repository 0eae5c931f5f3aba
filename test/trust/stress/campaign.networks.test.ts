/** The short form of `npm run stress`, and that its judge is no friend. */
import { afterAll, describe, expect, it } from "vitest";
import type { ImageResult } from "../../../sim/index.ts";
import { maskOf } from "../../../src/format/registers.ts";
import { image } from "../../targets/array/simulated.ts";
import { runStress } from "./campaign.ts";
import { stressed } from "./hardware.ts";
import { judge } from "./judge.ts";
import { kinds, type Kind, type Scenario } from "./scenario.ts";

const hardware = stressed(1);
afterAll(() => hardware.forEach((one) => one.remove()));

it("computes right or tells, whatever happens around it", async () => {
  const { failures, tallies } = await runStress({ seed: 2, runs: 48, hardware, onProgress: () => undefined });
  expect(failures).toEqual([]);
  const found = [...tallies].map(
    ([kind, { detected, exact, reset }]) => [kind, exact + detected + reset] as const,
  );
  expect(found.map(([kind]) => kind)).toEqual([...kinds]);
  expect(found.filter(([, runs]) => runs === 0)).toEqual([]);
  expect(tallies.get("read error")!.detected).toBeGreaterThan(0);
  expect(tallies.get("no answer")!.reset).toBeGreaterThan(0);
  expect(tallies.get("wrong base")!.detected).toBeGreaterThan(0);
});

describe("the judge", () => {
  const exact = image({});
  const place = { block: 0, phase: 0, y: 0, x: 0, channel: 0, cycle: 9 };
  const divergence = { kind: "value", ...place, expected: 1, got: 2 } as const;
  const wrong = image({ divergence, mismatches: 3 });
  const told = image({ divergence, mismatches: 3, errorRegister: maskOf("error", "read") });
  const given = image({ divergence, mismatches: 3, errorRegister: maskOf("error", "watchdog") });
  const hung = image({ divergence, failure: { kind: "timeout", message: "no result" } });
  const broken = image({ failure: { kind: "protocol", message: "AR: changed" } });
  const scenario = (kind: Kind): Scenario => ({ kind, memory: {}, change: {} });

  it.each<[Kind, ImageResult, string]>([
    ["rough memory", exact, "exact"],
    ["read error", exact, "exact"],
    ["read error", told, "detected"],
    ["no answer", given, "reset"],
  ])("takes %s", (kind, first, verdict) => {
    expect(judge(scenario(kind), [first, exact])).toBe(verdict);
  });

  it.each<[Kind, readonly ImageResult[], string]>([
    ["rough memory", [wrong, exact], "the image is wrong"],
    ["rough memory", [told, exact], "the image is wrong"],
    ["reset", [hung, exact], "the image is wrong"],
    ["no answer", [hung, exact], "the image hangs, and nothing ends it"],
    ["read error", [given, exact], "only the watchdog ended the image"],
    ["read error", [wrong, exact], "a wrong result without an error"],
    ["read error", [told, wrong], "the next image is wrong"],
    ["read error", [told], "the next image is wrong: it never ran"],
    ["read error", [broken], "protocol: AR: changed"],
    ["wrong base", [{ ...told, outsideWrites: 2 }, exact], "2 bursts written outside the regions"],
  ])("refuses %s", (kind, images, message) => {
    expect(() => judge(scenario(kind), images)).toThrow(message);
  });
});
