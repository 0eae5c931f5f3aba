/** The pages of `report --compare` and `explore` in a browser. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firebrick } from "../cli/helper.ts";
import { expectNumbersOf, expectReadable, launch, open, views, WIDE } from "./reader.ts";
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
    const board = ["--board", "ulx3s-85f"];
    explored = await json("explore", modelFile(folder, plainNetwork()), ...board, "--html", page);
  });
  it("names each point, draws the board's limits, and shows the command of a chosen one", async () => {
    const { commands, front } = explored as {
      commands: string[];
      front: { array: { pk: number; pc: number } }[];
    };
    const { complaints, page: opened } = await open(browser, page, WIDE, "light");
    expect(await opened.locator("#front svg").first().innerHTML()).toContain("what the board has");
    await opened.locator("#front summary").click();
    await opened.locator("#front tbody tr").first().getByRole("button").click();
    const { array } = front[0]!;
    const said = await opened.locator("#chosen").innerText();
    expect(said).toContain(`${array.pk}x${array.pc} at `);
    expect(said).toContain(commands[0]);
    const marks = opened.locator(`#front svg path.chosen`);
    expect(await marks.count()).toBeGreaterThan(0);
    await marks.first().hover({ force: true });
    expect(await opened.locator("#tip").innerText()).toMatch(/frames a second/);
    expect(complaints).toEqual([]);
    await opened.context().close();
  });
  it.each(views)("reads well at %s", (...view) => expectReadable(browser, page, view));
  it("shows the numbers of --json", () => expectNumbersOf(browser, page, explored, 90));
  it("is a small file", () => expect(statSync(page).size).toBeLessThan(1e6));
});
