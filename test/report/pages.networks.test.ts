/** The pages of `report --compare` and `explore` in a browser. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firebrick } from "../cli/helper.ts";
import { expectNumbersOf, expectReadable, launch, views } from "./reader.ts";

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
    // networks of different depth: layers that only one of them has
    const builds = [
      ["mobilenet-v1-0.25-128", "8x8"],
      ["squeezenet-1.1-64", "16x16"],
    ] as const;
    const files: string[] = [];
    for (const [model, array] of builds) {
      files.push(join(folder, `${model}.json`));
      writeFileSync(files.at(-1)!, JSON.stringify(await json("report", model, "--array", array)));
    }
    comparison = await json("report", "--compare", ...files, "--html", page);
  });
  it.each(views)("reads well at %s", (...view) => expectReadable(browser, page, view));
  it("shows the numbers of --json", () => expectNumbersOf(browser, page, comparison, 60));
  it("is a small file", () => expect(statSync(page).size).toBeLessThan(1e6));
});

describe("page of explore", () => {
  const page = join(folder, "explore.html");
  let explored: unknown;
  beforeAll(async () => {
    explored = await json("explore", "pictures", "--html", page);
  });
  it.each(views)("reads well at %s", (...view) => expectReadable(browser, page, view));
  it("shows the numbers of --json", () => expectNumbersOf(browser, page, explored, 100));
  it("is a small file", () => expect(statSync(page).size).toBeLessThan(1e6));
});
