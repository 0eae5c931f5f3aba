/** The pages of `report --compare` and `explore` in a browser. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
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

// What runs in the page: the marks of the first chart as its script drew it.
const PLACES =
  "[...document.querySelector('#front svg').querySelectorAll('[data-name]')].map((mark) => " +
  "({ text: mark.dataset.text, place: [Number(mark.getAttribute('cx')), Number(mark.getAttribute('cy'))] }))";

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
  it("is drawn without JavaScript, frames a second against look-up tables first", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const opened = await context.newPage();
    await opened.goto(pathToFileURL(page).href);
    const first = opened.locator("#front svg").first();
    expect(await first.locator("title").textContent()).toBe(
      "Frames a second against look-up tables, estimated",
    );
    const { points } = explored as { points: unknown[] };
    expect(await first.locator("[data-name]").count()).toBe(points.length);
    expect(await opened.locator("select").count()).toBe(0);
    await context.close();
  });
  it("takes the axes that a reader chooses by keyboard, and keeps the chosen point", async () => {
    const { limits, points } = explored as {
      limits: { dsps: number };
      points: { array: { pk: number; pc: number }; cycles: number; dsps: number; fits: boolean }[];
    };
    const { complaints, page: opened } = await open(browser, page, WIDE, "light");
    const right = opened.getByLabel("x axis");
    const up = opened.getByLabel("y axis");
    const labels = await right.locator("option").allTextContents();
    expect(labels).toEqual([
      ...["frames a second", "look-up tables, estimated", "DSP blocks, estimated"],
      ...["on-chip memory, kbit, estimated", "bytes of memory a cycle", "cycles"],
      "utilisation of the multipliers",
    ]);
    expect(await right.inputValue()).toBe("look-up tables, estimated");
    expect(await up.inputValue()).toBe("frames a second");
    await opened.locator("#front summary").click();
    await opened.locator("#front tbody tr").first().getByRole("button").click();
    await right.press("d");
    await up.press("c");
    const drawing = opened.locator("#front svg").first();
    expect(await drawing.getAttribute("aria-label")).toBe("cycles against DSP blocks, estimated");
    const marks = drawing.locator("[data-name]");
    expect(await marks.count()).toBe(points.length);
    expect(await drawing.locator(".chosen").count()).toBeGreaterThan(0);
    // Places grow with the numbers: to the right, and upwards, where SVG counts down.
    const places = await opened.evaluate<{ text: string; place: number[] }[]>(PLACES);
    const number = (text: string, name: string): number =>
      Number((new RegExp(`${name} ([\\d,]+)`).exec(text) ?? [])[1]?.replaceAll(",", ""));
    const read = places.map(({ place, text }) => ({
      ...{ x: place[0]!, y: place[1]! },
      ...{ dsps: number(text, "DSP blocks, estimated"), cycles: number(text, ", cycles") },
    }));
    const pairs = (list: { dsps: number; cycles: number }[]): string[] =>
      list.map(({ cycles, dsps }) => `${dsps} ${cycles}`).toSorted();
    expect(pairs(read)).toEqual(pairs(points));
    const [a, b] = [
      read[0]!,
      read.find(({ cycles, dsps }) => dsps !== read[0]!.dsps && cycles !== read[0]!.cycles)!,
    ];
    for (const { cycles, dsps, x, y } of read) {
      expect(x).toBeCloseTo(a.x + ((b.x - a.x) * (dsps - a.dsps)) / (b.dsps - a.dsps), 6);
      expect(y).toBeCloseTo(a.y + ((b.y - a.y) * (cycles - a.cycles)) / (b.cycles - a.cycles), 6);
    }
    // The line has each point that nothing beats in these two alone, and the board's blocks are a line.
    const fitting = points.filter(({ fits }) => fits);
    const best = fitting.filter(
      (one) =>
        !fitting.some(
          (other) =>
            other.dsps <= one.dsps &&
            other.cycles <= one.cycles &&
            (other.dsps < one.dsps || other.cycles < one.cycles),
        ),
    );
    const line = String(await drawing.locator(".stairs").getAttribute("d"));
    expect(line.split(/[MH]/)).toHaveLength(new Set(pairs(best)).size + 1);
    const limit = a.x + ((b.x - a.x) * (limits.dsps - a.dsps)) / (b.dsps - a.dsps);
    const dashed = String(await drawing.locator("[stroke-dasharray]").getAttribute("d"));
    expect(Number(/^M([\d.]+) /.exec(dashed)?.[1])).toBeCloseTo(limit, 3);
    await marks.last().hover({ force: true });
    expect(await opened.locator("#tip").innerText()).toMatch(/utilisation of the multipliers 0\.\d+/);
    expect(complaints).toEqual([]);
    await opened.context().close();
  });
  it.each(views)("reads well at %s", (...view) => expectReadable(browser, page, view));
  it("shows the numbers of --json", () => expectNumbersOf(browser, page, explored, 90));
  it("is a small file", () => expect(statSync(page).size).toBeLessThan(1e6));
});
