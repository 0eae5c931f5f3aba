/** The HTML report in a browser: tests of one network. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Network } from "../../src/ir/builder.ts";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick } from "../cli/helper.ts";
import { expectNumbersOf, expectReadable, launch, open, views, WIDE } from "./reader.ts";
import { modelFile } from "./small-networks.ts";

/** `model`: a name of the zoo, or a network whose file is made here. `hardware`: options of `report`. */
export function describePage(model: string | Network, hardware: readonly string[]): void {
  const name = typeof model === "string" ? model : model.name;
  describe(`HTML report of ${name} ${hardware.join(" ")}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "firebrick-report-"));
    const file = join(folder, "report.html");
    let browser: Browser;
    let report: unknown;

    beforeAll(async () => {
      const picture = packagePath("src", "zoo", "pictures", "examples", "star.png");
      const options = [...hardware, "--input", picture, "--html", file, "--json"];
      const given = typeof model === "string" ? model : modelFile(folder, model);
      const run = await firebrick("report", given, ...options);
      expect(run.status).toBe(0);
      report = JSON.parse(run.stdout);
      browser = await launch();
    });
    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it.each(views)("reads well at %s", (...view) => expectReadable(browser, file, view));

    it("shows the numbers of --json", () => expectNumbersOf(browser, file, report, 100));

    it("sorts and filters its tables, marks a layer everywhere, and hands out CSV", async () => {
      const { complaints, page } = await open(browser, file, WIDE, "light");
      await page.locator("#layers summary").click();
      const { layers } = report as { layers: { name: string; cycles: number }[] };
      const rows = page.locator("#layers tbody tr:visible");
      await page.locator("#layers thead").getByRole("button", { name: "cycles", exact: true }).click();
      const [slowest] = layers.toSorted((a, b) => b.cycles - a.cycles);
      expect(await rows.first().locator("th").innerText()).toBe(slowest!.name);
      await page.getByLabel("Filter Layer timeline").fill(slowest!.name);
      expect(await rows.count()).toBe(layers.filter(({ name: one }) => one.includes(slowest!.name)).length);
      const [csv] = await Promise.all([
        page.waitForEvent("download"),
        page.locator("#layers").getByRole("button", { name: "CSV" }).click(),
      ]);
      const lines = readFileSync(await csv.path(), "utf8").split("\r\n");
      expect(lines[0]).toMatch(/^"layer","engine","MACs","cycles"/);
      expect(lines[1]).toContain(`"${slowest!.name}",`);
      expect(lines[1]).toContain(`"${slowest!.cycles}"`);
      await rows.first().getByRole("button").click();
      expect(await page.locator("#chosen").innerText()).toContain(slowest!.name);
      expect(await page.locator("tr.chosen").count()).toBeGreaterThan(2);
      expect(await page.locator("svg text.chosen").count()).toBeGreaterThan(0);
      expect(complaints.filter((one) => !one.startsWith("blob:"))).toEqual([]);
      await page.context().close();
    });

    it("says what a mark is, chooses its layer everywhere, and shows a part of the timeline", async () => {
      const { complaints, page } = await open(browser, file, WIDE, "light");
      const plot = page.locator("#layers svg .plot");
      await plot.scrollIntoViewIfNeeded();
      const { layers, cycles } = report as { layers: { name: string; macs: number }[]; cycles: number };
      const largest = layers.findIndex(({ macs }) => macs === Math.max(...layers.map((one) => one.macs)));
      const at = async (share: number): Promise<[number, number]> => {
        const box = (await page.locator("#layers figure > svg").boundingBox())!;
        const [, , width, height] = await numbersOf("#layers figure > svg", "viewBox");
        const [x, y, wide, high] = await Promise.all(
          ["x", "y", "width", "height"].map(async (key) => Number(await plot.getAttribute(key))),
        );
        const row = y! + (high! * (largest + 0.5)) / layers.length;
        return [box.x + (box.width * (x! + wide! * share)) / width!, box.y + (box.height * row) / height!];
      };
      const numbersOf = async (selector: string, key: string) =>
        (await page.locator(selector).getAttribute(key))!.split(" ").map(Number);
      await page.mouse.move(...(await at(0.5)));
      const { name } = layers[largest]!;
      expect(await page.locator("#tip").innerText()).toContain(name);
      expect(await page.locator("#tip").innerText()).toMatch(/of [\d,]+ cycles, utilisation 0\.\d+/);
      await page.mouse.click(...(await at(0.5)));
      expect(await page.locator("#chosen").innerText()).toContain(name);
      for (const section of ["layers", "roof", "bytes", "network", "quantisation"])
        expect(await page.locator(`#${section} svg .chosen`).count(), section).toBeGreaterThan(0);
      const viewBox = () => plot.getAttribute("viewBox");
      await page.locator("#layers").getByRole("button", { name: "zoom in" }).click();
      expect(await viewBox()).toBe(`${cycles / 4} 0 ${cycles / 2} ${layers.length}`);
      await page.locator("#layers").getByRole("button", { name: "later" }).click();
      expect(await viewBox()).toBe(`${cycles / 2} 0 ${cycles / 2} ${layers.length}`);
      await page.mouse.move(...(await at(0.5)));
      await page.mouse.down();
      await page.mouse.move(...(await at(0.75)), { steps: 4 });
      await page.mouse.up();
      expect(Number((await viewBox())!.split(" ")[0]) / cycles).toBeCloseTo(3 / 8, 3);
      // what was dragged was not chosen: the same layer is
      expect(await page.locator("#chosen").innerText()).toContain(name);
      await page.locator("#layers").getByRole("button", { name: "whole" }).click();
      expect(await viewBox()).toBe(`0 0 ${cycles} ${layers.length}`);
      await page.mouse.move(...(await at(0.01)));
      await page.mouse.wheel(0, -100);
      const shown = async () => Number((await viewBox())!.split(" ")[2]) / cycles;
      await expect.poll(shown).toBeCloseTo(0.8, 3);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it("is one file under 3 MB, and can be walked with the keyboard", async () => {
      expect(statSync(file).size).toBeLessThan(3e6);
      const { page } = await open(browser, file, WIDE, "light");
      const reached: string[] = [];
      for (let i = 0; i < 30; i++) {
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
