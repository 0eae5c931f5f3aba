import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ModelReport } from "../../src/report/model-report.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const small = "mobilenet-v1-0.25-32";

it("prints a table or JSON, and writes the page beside either", () =>
  inTemporaryFolder(async (folder) => {
    const html = join(folder, "report.html");
    const run = await firebrick("report", small, "--board", "pynq-z2", "--json", "--html", html);
    expect(run.status).toBe(0);
    const report = JSON.parse(run.stdout) as ModelReport;
    expect([report.board, report.clockMHz, report.resources.length]).toEqual(["pynq-z2", 100, 3]);
    expect(report.dsps).toBe(report.resources[0]?.needed);
    expect(readFileSync(html, "utf8")).toContain(`<data value="${report.cycles}">`);
    const text = await firebrick("report", small, "--board", "pynq-z2");
    expect(text.status).toBe(0);
    expect(text.stdout).toContain(`${report.cycles} cycles an image`);
    expect(text.stdout).toContain(report.limit);
  }));

it("takes an array and a clock", async () => {
  const run = await firebrick("report", small, "--array", "4x8", "--clock", "50", "--json");
  const report = JSON.parse(run.stdout) as ModelReport;
  expect([report.array, report.clockMHz]).toEqual([{ pk: 4, pc: 8 }, 50]);
  expect(report.milliseconds).toBe(report.cycles / 50_000);
  const bad = await firebrick("report", small, "--clock", "fast");
  expect([bad.status, bad.stderr]).toEqual([2, expect.stringMatching(/bad-option: --clock/)]);
});
