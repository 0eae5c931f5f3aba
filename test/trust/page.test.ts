import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { promises, trustPage } from "./page.ts";
import { keptRuns, type Run } from "./record.ts";

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

it("adds up what became of the disturbed images of all runs", () => {
  const run = (seed: number, disturbed: Run["disturbed"]): Run => ({
    ...{ command: `npm run stress -- --runs 9 --seed ${seed}`, date: "2026-12-01", result: "stress" },
    ...(disturbed && { disturbed }),
  });
  const page = trustPage([
    run(1, { reset: { exact: 3, detected: 0, reset: 0, failed: 0 } }),
    run(2, undefined),
    run(3, {
      reset: { exact: 2, detected: 0, reset: 0, failed: 1 },
      "no answer": { exact: 1, detected: 4, reset: 5, failed: 0 },
    }),
  ]);
  expect(page.split("\n").filter((line) => /^\| (reset|no answer|all) /.test(line))).toEqual([
    "| reset | 6 | 5 | 0 | 0 | 1 |",
    "| no answer | 10 | 1 | 4 | 5 | 0 |",
    "| all | 16 | 6 | 4 | 5 | 1 |",
  ]);
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
