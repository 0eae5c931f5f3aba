/** The site in Chromium, behind a web server of this machine and nothing else. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { unzipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSite } from "../../site/build.mjs";
import { compile, golden, load } from "../../src/index.ts";
import { packagePath } from "../../src/platform/package.ts";
import { picturesModelPath } from "../../src/zoo/pictures/files.ts";
import { readInput } from "../../src/images/read-input.ts";
import { launch, NARROW, WIDE } from "../report/reader.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};
const star = packagePath("src", "zoo", "pictures", "examples", "star.png");
const OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth";

describe("the site", () => {
  const folder = mkdtempSync(join(tmpdir(), "firebrick-site-"));
  let server: Server;
  let browser: Browser;
  let address = "";

  beforeAll(async () => {
    await buildSite(folder);
    server = createServer((request, response) => {
      const path = new URL(request.url ?? "/", "http://site").pathname;
      try {
        const content = readFileSync(join(folder, path));
        response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream").end(content);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** With everything that the page said, and what it asked of others. */
  async function open(path: string, viewport = WIDE): Promise<{ page: Page; complaints: string[] }> {
    const page = await (await browser.newContext({ viewport, acceptDownloads: true })).newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(?:blob:|data:)/.test(request.url()) && !request.url().startsWith(address))
        complaints.push(request.url());
    });
    await page.goto(`${address}/${path}`);
    return { page, complaints };
  }

  it("has the docs, whose search finds a section", async () => {
    const { complaints, page } = await open("index.html", NARROW);
    await page.getByLabel("Search").fill("roofline");
    const link = page.locator("#found a").first();
    await link.waitFor();
    await link.click();
    await page.waitForURL(/report\.html#/);
    expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("analyses a dropped network, says what a picture is, and gives the project that compile writes", async () => {
    const { complaints, page } = await open("playground.html");
    await page.getByText(/^Loading Firebrick: /).waitFor();
    await page
      .getByLabel(/\.tflite/)
      .setInputFiles([picturesModelPath(), join(picturesModelPath(), "..", "labels.json")]);
    await page.locator("#layers tbody tr").first().waitFor();
    const graph = await load("pictures");
    const cycles = (await compile(graph)).predict().reduce((sum, one) => sum + one, 0);
    expect(await page.locator("#facts").innerText()).toContain(cycles.toLocaleString("en"));
    await page.locator("#boards tbody tr").nth(6).waitFor();
    expect(await page.locator("#boards").innerText()).toMatch(/PYNQ-Z2 \(Zynq-7020\)\s+yes\s+\d+x\d+/);

    // What costs most, why, and what would help stand in one paragraph; the table sorts by what is asked.
    const limit = await page.locator("#limit").innerText();
    await page.locator("#layers thead").getByRole("button", { name: "cycles" }).click();
    const costliest = await page.locator("#layers tbody th").first().innerText();
    expect(limit).toContain(`Most cycles go to ${costliest}, `);
    expect(limit).toMatch(/Limited by .* What would make it faster: /);

    await page.getByLabel("array").selectOption("4x8");
    await page.getByText("4 x 8").waitFor();
    await page.getByLabel("What does the golden model say").setInputFiles(star);
    await page.locator("#answer tbody tr").first().waitFor();
    const { values } = await readInput(star, graph);
    const { top } = await golden(graph, values);
    expect(await page.locator("#answer tbody tr").first().innerText()).toContain(top[0]!.label);

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByText("Download the Verilog").click(),
    ]);
    const zip = unzipSync(readFileSync(await download.path()));
    const own = (await compile(graph, { array: { pk: 4, pc: 8 } })).project(values);
    expect(Object.keys(zip)).toEqual([...own.keys()]);
    for (const [path, content] of own)
      expect(Buffer.from(zip[path]!).equals(Buffer.from(content)), path).toBe(true);

    const audit = await new AxeBuilder({ page }).analyze();
    expect(audit.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
    await page.setViewportSize(NARROW);
    expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("tells what is wrong with a file", async () => {
    const { page } = await open("playground.html");
    await page.getByText(/^Loading Firebrick: /).waitFor();
    await page
      .getByLabel(/\.tflite/)
      .setInputFiles({ name: "a.tflite", mimeType: "", buffer: Buffer.from("none") });
    await page.locator("#problems li").waitFor();
    expect(await page.locator("#problems").innerText()).toMatch(/a\.tflite/);
    await page.context().close();
  });
});
