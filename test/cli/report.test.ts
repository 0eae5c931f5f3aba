import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import type { Comparison } from "../../src/report/compare.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const small = "mobilenet-v1-0.25-32";

it("prints a table or JSON, and writes the page beside either", () =>
  inTemporaryFolder(async (folder) => {
    const html = join(folder, "report.html");
    const run = await firebrick("report", small, "--board", "pynq-z2", "--json", "--html", html);
    expect(run.status).toBe(0);
    const report = JSON.parse(run.stdout) as ModelReport;
    expect([report.board, report.clockMHz, report.resources.length]).toEqual(["pynq-z2", 100, 5]);
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

it("reports an array that does not fit, and then refuses it", async () => {
  const run = await firebrick("report", small, "--board", "ulx3s-85f", "--array", "32x32", "--json");
  expect(run.status).toBe(2);
  const report = JSON.parse(run.stdout) as ModelReport;
  expect(report.array).toEqual({ pk: 32, pc: 32 });
  const short = report.resources.filter(({ available, needed }) => needed > available);
  expect(short.map(({ resource }) => resource)).toEqual(["DSP blocks", "block RAMs", "look-up tables"]);
  expect(run.stderr).toContain("(the binding resource)");
  expect(run.stderr).toContain(
    "it fits with --array 8x32; no known board has enough of everything for 32x32",
  );
  const larger = await firebrick("report", small, "--board", "ulx3s-85f", "--array", "16x16");
  expect(larger.stderr).toContain("the smallest known board with enough of everything for 16x16 is pynq-z2");
  // where even the smallest does not fit, that is reported
  const none = await firebrick("report", "mobilenet-v2-0.35-96", "--board", "tang-nano-20k", "--json");
  expect(none.status).toBe(2);
  expect((JSON.parse(none.stdout) as ModelReport).array).toEqual({ pk: 4, pc: 4 });
});

it("puts two builds side by side", () =>
  inTemporaryFolder(async (folder) => {
    const [before, after, html] = ["a.json", "b.json", "c.html"].map((name) => join(folder, name));
    const first = await firebrick("report", small, "--array", "4x4", "--json");
    const second = await firebrick("report", small, "--array", "8x8", "--json");
    writeFileSync(before!, first.stdout);
    writeFileSync(after!, second.stdout);
    const [a, b] = [first, second].map(({ stdout }) => JSON.parse(stdout) as ModelReport);
    const run = await firebrick("report", "--compare", before!, after!, "--json", "--html", html!);
    expect(run.status).toBe(0);
    const { figures, layers, titles } = JSON.parse(run.stdout) as Comparison;
    expect(titles).toEqual([`${small} on 4x4`, `${small} on 8x8`]);
    expect(figures).toContainEqual({ name: "cycles", first: a!.cycles, second: b!.cycles });
    expect(layers[1]).toEqual({
      ...{ name: a!.layers[1]!.name, first: a!.layers[1]!.cycles, second: b!.layers[1]!.cycles },
    });
    expect(readFileSync(html!, "utf8")).toContain(`<data value="${b!.cycles}">`);
    const people = await firebrick("report", "--compare", before!, after!);
    expect(people.stdout).toMatch(new RegExp(`cycles +│ +${a!.cycles} +│ +${b!.cycles} +│`));

    writeFileSync(after!, '{"model": 1}');
    const broken = await firebrick("report", "--compare", before!, after!);
    expect([broken.status, broken.stderr]).toEqual([
      2,
      expect.stringMatching(/not-a-report: \S+b\.json: found model/),
    ]);
    const missing = await firebrick("report", "--compare", "no-1.json", "no-2.json");
    expect(missing.status).toBe(2);
    for (const name of ["no-1.json", "no-2.json"])
      expect(missing.stderr).toMatch(
        new RegExp(`missing-file: ${name}: .* a report that .firebrick report MODEL --json. wrote`),
      );
    expect((await firebrick("report")).status).toBe(2);
    expect((await firebrick("report", small, "--compare", before!, before!)).status).toBe(2);
  }));

it("shows what the network says of a picture", () =>
  inTemporaryFolder(async (folder) => {
    const html = join(folder, "report.html");
    const star = packagePath("src", "zoo", "pictures", "examples", "star.png");
    const run = await firebrick("report", "pictures", "--input", star, "--json", "--html", html);
    const { activationHistograms, input } = JSON.parse(run.stdout) as ModelReport;
    expect(input!.top[0]!.label).toBe("star");
    const golden = await firebrick("golden", "pictures", "--input", star, "--json");
    const { inputs } = JSON.parse(golden.stdout) as { inputs: unknown[] };
    expect(inputs).toMatchObject([input!]);
    expect(activationHistograms.length).toBeGreaterThan(3);
    expect(readFileSync(html, "utf8")).toContain('<img src="data:image/jpeg;base64,');
    const people = await firebrick("report", "pictures", "--input", star);
    expect(people.stdout).toMatch(/step allows dB[^]*% {2}star \(/);
    const missing = await firebrick("report", "pictures", "--input", join(folder, "none.png"));
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringMatching(/missing-file/)]);
  }));
