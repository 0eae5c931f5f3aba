/** A page as a reader meets it: Debian's Chromium, wide and narrow, light and dark. */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type Page } from "playwright-core";
import { expect } from "vitest";

const executablePath = ["/usr/bin/chromium", "/opt/homebrew/bin/chromium"].find((path) => existsSync(path));
/** Without a window, and without the requests that Chromium makes on its own. */
const args = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };
type Scheme = "light" | "dark";

/** What axe looks at: everything, or the colours alone. */
type Audit = "everything" | "colours" | "nothing";

/** For it.each: name, viewport, colour scheme, what axe looks at. */
export type View = readonly [name: string, viewport: typeof WIDE, scheme: Scheme, audit: Audit];
export const views: View[] = [
  ["1280 pixels, light", WIDE, "light", "everything"],
  ["1280 pixels, dark", WIDE, "dark", "nothing"],
  ["390 pixels, light", NARROW, "light", "nothing"],
  ["390 pixels, dark", NARROW, "dark", "colours"],
];

// What runs in the page.
const OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth";
const OPEN_TABLES = "for (const part of document.querySelectorAll('details')) part.open = true";
// What lies in a drawing is presentational: its role is img.
const EMPTY_DRAWINGS = "for (const part of document.querySelectorAll('svg > :not(title)')) part.remove()";
const NUMBERS = "Array.from(document.querySelectorAll('data'), (cell) => Number(cell.value))";

export async function launch(): Promise<Browser> {
  return chromium.launch({ ...(executablePath && { executablePath }), args });
}

/** Opens the file, with everything that it said or asked for. */
export async function open(
  browser: Browser,
  file: string,
  viewport: typeof WIDE,
  colorScheme: Scheme,
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

/** Nothing is wider than the window, nothing complains, and axe finds nothing serious. */
export async function expectReadable(
  browser: Browser,
  file: string,
  [, viewport, scheme, audit]: View,
): Promise<void> {
  const { complaints, page } = await open(browser, file, viewport, scheme);
  expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
  await page.evaluate(OPEN_TABLES);
  expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
  if (audit !== "nothing") {
    await page.evaluate(EMPTY_DRAWINGS);
    // In one page, without frames, axe need not describe each of the thousands of elements that pass.
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
    const { violations } = await (audit === "colours" ? axe.withRules("color-contrast") : axe).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
  await page.context().close();
}

/** Every number that the page shows is one of the JSON's; `least`: how many it shows. */
export async function expectNumbersOf(
  browser: Browser,
  file: string,
  json: unknown,
  least: number,
): Promise<void> {
  const { page } = await open(browser, file, WIDE, "light");
  const shown = await page.evaluate<number[]>(NUMBERS);
  const known = new Set(numbersOf(json));
  expect(shown.length).toBeGreaterThan(least);
  expect(shown.filter((value) => !known.has(value))).toEqual([]);
  await page.context().close();
}

function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbersOf);
}
