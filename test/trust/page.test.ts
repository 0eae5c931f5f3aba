import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { promises, trustPage } from "./page.ts";
import { keptRuns } from "./record.ts";

it("docs/trust.md is what npm run trust writes", () => {
  expect(readFileSync(packagePath("docs", "trust.md"), "utf8")).toBe(trustPage(keptRuns()));
});

it("every promise has tests that exist, and a campaign that is a command", () => {
  const { scripts } = JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  for (const { campaign, tests, what } of promises) {
    expect(tests.length, what).toBeGreaterThan(0);
    for (const file of tests) expect(existsSync(packagePath(...file.split("/"))), file).toBe(true);
    if (campaign !== null) expect(scripts).toHaveProperty(campaign);
  }
});

it("every run names its command and its day, and each command once", () => {
  const runs = keptRuns();
  for (const { command, date, result } of runs) {
    expect(command).toMatch(/^npm run (fuzz|stress|formal|mutate)( -- --runs \d+ --seed \d+)?$/);
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(result).not.toBe("");
  }
  expect(new Set(runs.map(({ command }) => command)).size).toBe(runs.length);
});
