/** `report` for a board with a small engine; with the real tools of place and route: small-report.campaign.test.ts. */
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, expect, it, vi } from "vitest";
import type { BuiltProject } from "../../sim/synth/project.ts";
import { packagePath } from "../../src/platform/package.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import { standInTools } from "../support/small-tools.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const pictures = ["report", "pictures", "--board", "icebreaker"];

afterEach(() => {
  vi.unstubAllEnvs();
});

it("prints a table or JSON, and writes the page beside either", () =>
  inTemporaryFolder(async (folder) => {
    const html = join(folder, "report.html");
    const star = packagePath("src", "zoo", "pictures", "examples", "star.png");
    const run = await firebrick(...pictures, "--input", star, "--json", "--html", html);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    const report = JSON.parse(run.stdout) as ModelReport;
    expect(report).toMatchObject({ board: "icebreaker", clockMHz: 24, multipliers: 16, dsps: 8 });
    expect(report.input!.top[0]!.label).toBe("star");
    expect(report).not.toHaveProperty("synthesis");
    const page = readFileSync(html, "utf8");
    expect(page).toContain(`<data value="${report.cycles}">`);
    expect(page).toContain("0.5 bytes a cycle, 46 cycles latency");
    const text = await firebrick(...pictures, "--clock", "12");
    expect(text.stdout).toContain(`${report.cycles} cycles an image`);
    const rate = (report.framesPerSecond / 2).toFixed(1);
    expect(text.stdout).toContain(`${rate} frames a second at 12 MHz`);
    expect(text.stdout).toContain("flash wait");
    expect(text.stdout).toContain(report.fit);
  }));

it("predicts what compile predicts", () =>
  inTemporaryFolder(async (folder) => {
    const compiled = await firebrick("compile", ...pictures.slice(1), "-o", join(folder, "out"), "--json");
    const summary = JSON.parse(compiled.stdout) as {
      predictedCycles: number;
      regionBytes: { model: number };
    };
    const report = JSON.parse((await firebrick(...pictures, "--json")).stdout) as ModelReport;
    expect([report.cycles, report.traffic.readBytes]).toEqual([
      summary.predictedCycles,
      summary.regionBytes.model,
    ]);
  }));

it("refuses what is for arrays, and networks that the engine cannot run", async () => {
  const given = ["--array", "8x8", "--memory", "bytes=8", "--buffers", "weights=256"];
  const arrays = await firebrick(...pictures, ...given);
  expect(arrays.status).toBe(2);
  for (const name of ["--array", "--memory", "--buffers"])
    expect(arrays.stderr).toContain(`bad-option: ${name}: found ${name} with --board icebreaker`);
  const adds = await firebrick("report", "mobilenet-v2-0.35-32", "--board", "icebreaker");
  expect([adds.status, adds.stderr]).toEqual([2, expect.stringContaining("no-hardware")]);
});

it("places and routes: what the parts take, the clock, and the path that limits it", () =>
  inTemporaryFolder(async (folder) => {
    standInTools(folder);
    vi.stubEnv("PATH", folder);
    vi.stubEnv("FIREBRICK_CACHE", join(folder, "cache"));
    const run = await firebrick(...pictures, "--synth", "--json");
    expect(run.status).toBe(0);
    const { placement, synthesis } = JSON.parse(run.stdout) as ModelReport & BuiltProject;
    expect(synthesis.units.map(({ unit }) => unit)).toContain("loader");
    const { criticalPath, fmaxMHz, meetsTarget, targetMHz, utilization } = placement;
    expect([targetMHz, meetsTarget]).toEqual([24, true]);
    expect(criticalPath.ns).toBeCloseTo(1000 / fmaxMHz, 2);
    // now from the cache
    const text = await firebrick(...pictures, "--synth");
    expect(text.stderr).toBe("");
    expect(text.stdout).toContain(`ICESTORM_LC: ${utilization[0]!.used} of 5280`);
    expect(text.stdout).toContain(`clock: ${fmaxMHz.toFixed(2)} MHz, meets the board's 24 MHz`);
  }));

it("says how to get nextpnr", () =>
  inTemporaryFolder(async (folder) => {
    const { stdout: yosys } = await execa("which", ["yosys"]);
    mkdirSync(join(folder, "bin"));
    symlinkSync(yosys, join(folder, "bin", "yosys"));
    vi.stubEnv("PATH", join(folder, "bin"));
    const run = await firebrick(...pictures, "--synth");
    expect(run).toMatchObject({ status: 3, stdout: "" });
    expect(run.stderr).toContain("sudo apt-get install nextpnr-ice40");
  }));
