/** The HTML report in a browser: tests of one network. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick } from "../cli/helper.ts";
import { expectNumbersOf, expectReadable, launch, open, type View, views, WIDE } from "./reader.ts";

/** `hardware`: options of `report`. axe takes half a minute for the tables of a network of many layers. */
export function describePage(model: string, hardware: readonly string[], withAxe: boolean): void {
  const shown = views.map(([name, viewport, scheme, audited]): View => [
    name,
    viewport,
    scheme,
    audited && withAxe,
  ]);
  describe(`HTML report of ${model} ${hardware.join(" ")}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "firebrick-report-"));
    const file = join(folder, "report.html");
    let browser: Browser;
    let report: unknown;

    beforeAll(async () => {
      const picture = packagePath("src", "zoo", "pictures", "examples", "star.png");
      const options = [...hardware, "--input", picture, "--html", file, "--json"];
      const run = await firebrick("report", model, ...options);
      expect(run.status).toBe(0);
      report = JSON.parse(run.stdout);
      browser = await launch();
    });
    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it.each(shown)("reads well at %s", (...view) => expectReadable(browser, file, view));

    it("shows the numbers of --json", () => expectNumbersOf(browser, file, report, 100));

    it("is one file under 3 MB, and can be walked with the keyboard", async () => {
      expect(statSync(file).size).toBeLessThan(3e6);
      const { page } = await open(browser, file, WIDE, "light");
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
}
