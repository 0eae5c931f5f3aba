/** The HTML report as a reader meets it: Debian's Chromium, wide and narrow, light and dark. */
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packagePath } from "../../src/ir/package-root.ts";
import { firebrick } from "../cli/helper.ts";

const executablePath = ["/usr/bin/chromium", "/opt/homebrew/bin/chromium"].find((path) => existsSync(path));
/** Without a window, and without the requests that Chromium makes on its own. */
const args = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

// What runs in the page.
const OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth";
const OPEN_TABLES = "for (const part of document.querySelectorAll('details')) part.open = true";
const NUMBERS = "Array.from(document.querySelectorAll('data'), (cell) => Number(cell.value))";

describe.each([
  ["squeezenet-1.0", "16x16"],
  ["mobilenet-v1-1.0-224", "16x16"],
])("HTML report of %s", (model, array) => {
  const folder = mkdtempSync(join(tmpdir(), "firebrick-report-"));
  const file = join(folder, "report.html");
  let browser: Browser;
  let report: unknown;

  beforeAll(async () => {
    const picture = packagePath("src", "zoo", "pictures", "examples", "star.png");
    const shown = ["--array", array, "--board", "ultra96-v2", "--input", picture, "--html", file];
    const began = process.cpuUsage();
    const run = await firebrick("report", model, ...shown, "--json");
    const { system, user } = process.cpuUsage(began);
    // Of a processor: others may share it.
    expect((system + user) / 1e6).toBeLessThan(10);
    expect(run.status).toBe(0);
    report = JSON.parse(run.stdout);
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page, with everything that it said or asked for. */
  async function open(
    viewport: { width: number; height: number },
    colorScheme: "light" | "dark",
  ): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({ viewport, colorScheme });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    return { page, complaints };
  }

  it.each([
    ["1280 pixels, light", WIDE, "light", true],
    ["1280 pixels, dark", WIDE, "dark", false],
    ["390 pixels, light", NARROW, "light", false],
    ["390 pixels, dark", NARROW, "dark", true],
  ] as const)("reads well at %s", async (_, viewport, scheme, audited) => {
    const { complaints, page } = await open(viewport, scheme);
    expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
    await page.evaluate(OPEN_TABLES);
    expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    if (audited) {
      // What lies in a drawing is presentational: its role is img. Its thousands of shapes would take minutes.
      const { violations } = await new AxeBuilder({ page }).exclude("svg > *").analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
    await page.context().close();
  });

  it("shows the numbers of --json", async () => {
    const { page } = await open(WIDE, "light");
    const shown = await page.evaluate<number[]>(NUMBERS);
    const known = new Set(numbersOf(report));
    expect(shown.length).toBeGreaterThan(100);
    expect(shown.filter((value) => !known.has(value))).toEqual([]);
    await page.context().close();
  });

  it("is one file under 3 MB, and can be walked with the keyboard", async () => {
    expect(statSync(file).size).toBeLessThan(3e6);
    const { page } = await open(WIDE, "light");
    const reached: string[] = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate<string>("document.activeElement.tagName"));
    }
    expect(reached).toContain("A");
    expect(reached).toContain("DIV");
    expect(reached).toContain("SUMMARY");
    await page.context().close();
  });
});

function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbersOf);
}
