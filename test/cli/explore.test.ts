import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { Exploration, Point } from "../../src/explore/explore.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import { runCli } from "../../src/cli/run.ts";
import { explore, load } from "../../src/index.ts";
import { firebrick, inTemporaryFolder, recordingIo } from "./helper.ts";
import { formatBuffers } from "../../src/cli/options.ts";

const small = "pictures";
/** Small enough to explore in a second or two. */
const tiny = "mobilenet-v1-0.1-32";
/** Sixteen arrays, those of one bus. */
const memory = ["--memory", "bytes=8,latency=20"];

interface Report extends Exploration {
  readonly best: Point;
  readonly command: string;
}

it("lists what fits the board and nothing beats; report agrees with the best", async () => {
  const run = await firebrick("explore", small, "--board", "pynq-z2", "--json");
  expect(run.status).toBe(0);
  const found = JSON.parse(run.stdout) as Report;
  expect(found.points.length + found.refused.length).toBe(found.configurations);
  expect(found.points.filter(({ buffers }) => buffers === null).length).toBe(16);
  expect(found.points.some(({ fits }) => !fits)).toBe(true);
  expect(found.front.every(({ fits }) => fits)).toBe(true);
  const fitting = found.points.filter(({ fits }) => fits);
  expect(found.best.cycles).toBe(Math.min(...fitting.map(({ cycles }) => cycles)));
  for (const point of found.front) {
    const better = fitting.filter(
      (other) =>
        other.cycles < point.cycles &&
        other.luts <= point.luts &&
        other.dsps <= point.dsps &&
        other.ramBits <= point.ramBits,
    );
    expect(better).toEqual([]);
  }
  const { pk, pc } = found.best.array;
  const command = `firebrick compile ${small} -o out --array ${pk}x${pc} --board pynq-z2`;
  expect(found.command.replace(/ --buffers \S+$/, "")).toBe(command);
  // Smaller buffers are worth something: the same network with less memory.
  const [thrifty] = found.front.filter(({ buffers }) => buffers !== null);
  for (const point of [found.best, thrifty!]) {
    const { array, buffers } = point;
    const chosen = buffers ? ["--buffers", formatBuffers(buffers)] : [];
    const size = `${array.pk}x${array.pc}`;
    const same = await firebrick(
      "report",
      small,
      "--board",
      "pynq-z2",
      "--array",
      size,
      ...chosen,
      "--images",
      "next",
      "--json",
    );
    const report = JSON.parse(same.stdout) as ModelReport;
    const bits = 8 * Object.values(report.onChipBytes).reduce((sum, bytes) => sum + bytes, 0);
    const luts = report.resources.find(({ resource }) => resource === "look-up tables")?.needed;
    const { cycles, dsps, ramBits } = point;
    expect([report.cycles, luts, report.dsps, bits]).toEqual([cycles, point.luts, dsps, ramBits]);
  }
});

it("shows on a terminal what nothing found so far beats, the first before the second is evaluated", async () => {
  const seen: string[] = [];
  const options = { memories: [{ bytes: 8, latency: 20 }] };
  const { points } = await explore(await load(tiny), {
    ...options,
    onPoint: ({ array }) => seen.push(`${array.pk}x${array.pc}`),
    onProgress: (done) => seen.push(String(done)),
  });
  expect(seen.slice(0, 3)).toEqual(["0", "16x16", "1"]);
  expect(seen.filter((line) => line.includes("x")).length).toBe(points.length);

  const { io, outcome } = recordingIo();
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const status = await runCli(["explore", tiny, ...memory, "--json"], { ...io, isTerminal: true });
  const lines = written.mock.calls.map(([text]) => String(text)).filter((text) => text.includes("frames/s"));
  written.mockRestore();
  const { best, front } = JSON.parse(outcome(status).stdout) as Report;
  expect(lines[0]).toMatch(
    /16x16, 8 bytes a cycle, ring of \d+ words: \d+ cycles, [\d.]+ frames\/s, \d+ LUT, \d+ DSP/,
  );
  expect(lines.some((line) => line.includes(`: ${best.cycles} cycles, `))).toBe(true);
  expect(lines.length).toBeGreaterThanOrEqual(front.length);
  expect(lines.length).toBeLessThan(points.length);
});

it("names the kernel in the command of the fastest", async () => {
  const run = await firebrick("explore", tiny, ...memory, "--activation", "hard-swish", "--json");
  const found = JSON.parse(run.stdout) as Report;
  expect(found.command).toMatch(/ --activation hard-swish$/);
});

it("prints a table and the command of the fastest", async () => {
  const run = await firebrick("explore", small, ...memory);
  expect(run.status).toBe(0);
  expect(run.stdout).toMatch(/^\d+ configurations at 100 MHz: \d+ that nothing beats, 0 too large/);
  expect(run.stdout).toMatch(/Weights: \d+ KiB at 8 bits, \d+ KiB at 6 bits, \d+ KiB at 4 bits/);
  expect(run.stdout).toMatch(
    /fastest: firebrick compile \S+ -o out --array \d+x\d+ --memory bytes=8,latency=20( --buffers \S+)?$/m,
  );
  const unknown = await firebrick("explore", small, "--board", "none-such");
  expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringMatching(/unknown-board/)]);
});

it("tries several networks and several memories", async () => {
  const memories = [...memory, "--memory", "bytes=16,latency=80"];
  const networks = [tiny, small];
  const run = await firebrick("explore", ...networks, ...memories, "--json");
  const { networks: found } = JSON.parse(run.stdout) as {
    networks: (Report & { model: string; macs: number })[];
  };
  expect(found.map(({ model }) => model)).toEqual(networks);
  for (const { best, configurations, points } of found) {
    expect(configurations).toBe(points.length);
    expect(points.filter(({ buffers }) => buffers === null).length).toBe(32);
    expect(best.cycles).toBe(Math.min(...points.map(({ cycles }) => cycles)));
  }
  expect(found[1]!.macs).toBeGreaterThan(found[0]!.macs);
  const people = await firebrick("explore", ...networks, ...memory);
  expect(people.stdout).toMatch(/^\d+ configurations at 100 MHz, the fastest for each network:/);
  expect(people.stdout.match(/\b(?:pictures|mobilenet-v1-0\.1-32)\b/g)).toEqual(networks);
});

it("draws the front on a page whose numbers are those of the JSON", () =>
  inTemporaryFolder(async (folder) => {
    const html = join(folder, "explore.html");
    const run = await firebrick("explore", small, "--board", "pynq-z2", "--html", html, "--json");
    const page = readFileSync(html, "utf8");
    const { command, front } = JSON.parse(run.stdout) as Report;
    expect(page).toContain(command);
    expect(page.match(/<svg[^>]* role="img"/g)).toHaveLength(3);
    const rows = [...page.matchAll(/<tr><th scope="row">(\w+) at [^<]*<\/th>(.*?)<\/tr>/g)];
    expect(rows.map(([, name]) => name)).toEqual(front.map(({ array }) => `${array.pk}x${array.pc}`));
    const values = rows.map(([, , cells]) =>
      [...cells!.matchAll(/<data value="([^"]+)">/g)].map(([, value]) => Number(value)),
    );
    expect(values).toEqual(
      front.map((p) => [
        ...[p.memory.bytes, p.weightWords, p.lineBytes, p.cycles, p.framesPerSecond, p.utilization],
        ...[p.luts, p.dsps, p.ramBits],
      ]),
    );
    expect(page).not.toMatch(/(?:src|href)="http|<script [a-z]/);
    const several = await firebrick("explore", small, small, "--html", html);
    expect(several.status).toBe(2);
  }));

it("refuses buffers that nobody can build", async () => {
  for (const buffers of ["weights=100", "lines=0", "weights=64,weights=64", "rows=2"]) {
    const run = await firebrick("report", small, "--buffers", buffers);
    expect([run.status, run.stderr]).toEqual([2, expect.stringMatching(/bad-option: --buffers/)]);
  }
});
