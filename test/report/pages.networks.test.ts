/** The pages of `report --compare` and `explore` in a browser. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firebrick } from "../cli/helper.ts";
import { expectNumbersOf, expectReadable, launch, views } from "./reader.ts";
import { joinedNetwork, modelFile, plainNetwork } from "./small-networks.ts";

const folder = mkdtempSync(join(tmpdir(), "firebrick-pages-"));
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a command with --json prints. */
async function json(...args: string[]): Promise<unknown> {
  const run = await firebrick(...args, "--json");
  expect(run.status, run.stderr).toBe(0);
  return JSON.parse(run.stdout);
}

describe("page of report --compare", () => {
  const page = join(folder, "compare.html");
  let comparison: unknown;
  beforeAll(async () => {
    // networks of different layers: rows that only one of them has
    const builds = [
      [plainNetwork(), "8x8"],
      [joinedNetwork(), "16x16"],
    ] as const;
    const files: string[] = [];
    for (const [network, array] of builds) {
      files.push(join(folder, `${network.name}.json`));
      const report = await json("report", modelFile(folder, network), "--array", array);
      writeFileSync(files.at(-1)!, JSON.stringify(report));
    }
    comparison = await json("report", "--compare", ...files, "--html", page);
  });
  it.each(views)("reads well at %s", (...view) => expectReadable(browser, page, view));
  it("shows the numbers of --json", () => expectNumbersOf(browser, page, comparison, 25));
  it("is a small file", () => expect(statSync(page).size).toBeLessThan(1e6));
});

describe("page of explore", () => {
  const page = join(folder, "explore.html");
  let explored: unknown;
  beforeAll(async () => {
    explored = await json("explore", modelFile(folder, plainNetwork()), "--html", page);
  });
  it.each(views)("reads well at %s", (...view) => expectReadable(browser, page, view));
  it("shows the numbers of --json", () => expectNumbersOf(browser, page, explored, 100));
  it("is a small file", () => expect(statSync(page).size).toBeLessThan(1e6));
});
