import { expect, it } from "vitest";
import type { Exploration, Point } from "../../src/explore/explore.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import { firebrick } from "./helper.ts";

const small = "mobilenet-v1-0.25-32";

interface Report extends Exploration {
  readonly best: Point;
  readonly command: string;
}

it("lists what fits the board and nothing beats; report agrees with the best", async () => {
  const run = await firebrick("explore", small, "--board", "pynq-z2", "--json");
  expect(run.status).toBe(0);
  const found = JSON.parse(run.stdout) as Report;
  expect(found.configurations).toBe(16);
  expect(found.points.length + found.refused.length).toBe(16);
  expect(found.points.some(({ fits }) => !fits)).toBe(true);
  expect(found.front.every(({ fits }) => fits)).toBe(true);
  const fitting = found.points.filter(({ fits }) => fits);
  expect(found.best.cycles).toBe(Math.min(...fitting.map(({ cycles }) => cycles)));
  for (const point of found.front) {
    const better = fitting.filter(
      (other) => other.cycles < point.cycles && other.dsps <= point.dsps && other.ramBits <= point.ramBits,
    );
    expect(better).toEqual([]);
  }
  const { pk, pc } = found.best.array;
  expect(found.command).toBe(`firebrick compile ${small} -o out --array ${pk}x${pc} --board pynq-z2`);
  const same = await firebrick("report", small, "--board", "pynq-z2", "--array", `${pk}x${pc}`, "--json");
  const report = JSON.parse(same.stdout) as ModelReport;
  expect([report.cycles, report.dsps]).toEqual([found.best.cycles, found.best.dsps]);
});

it("prints a table and the command of the fastest", async () => {
  const run = await firebrick("explore", small, "--memory", "bytes=8,latency=20");
  expect(run.status).toBe(0);
  expect(run.stdout).toMatch(/^16 configurations at 100 MHz: \d+ that nothing beats, 0 too large/);
  expect(run.stdout).toMatch(
    /fastest: firebrick compile \S+ -o out --array \d+x\d+ --memory bytes=8,latency=20$/m,
  );
  const unknown = await firebrick("explore", small, "--board", "none-such");
  expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringMatching(/unknown-board/)]);
});

it("tries several networks and several memories", async () => {
  const memories = ["--memory", "bytes=8,latency=20", "--memory", "bytes=16,latency=80"];
  const networks = ["mobilenet-v1-0.25-32", "mobilenet-v1-0.5-32"];
  const run = await firebrick("explore", ...networks, ...memories, "--json");
  const { networks: found } = JSON.parse(run.stdout) as {
    networks: (Report & { model: string; macs: number })[];
  };
  expect(found.map(({ model }) => model)).toEqual(networks);
  for (const { best, configurations, points } of found) {
    expect(configurations).toBe(32);
    expect(best.cycles).toBe(Math.min(...points.map(({ cycles }) => cycles)));
  }
  expect(found[1]!.macs).toBeGreaterThan(found[0]!.macs);
  const people = await firebrick("explore", ...networks, ...memories);
  expect(people.stdout).toMatch(/^64 configurations at 100 MHz, the fastest for each network:/);
  expect(people.stdout.match(/mobilenet-v1-0\.\d+-32/g)).toEqual(networks);
});
