import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { seedTables } from "../../sim/figures/seed-tables.ts";
import { PAGE, TRAINED } from "../../sim/figures/write-tables.ts";
import { loadGraph } from "../../src/load.ts";

it.runIf(existsSync(TRAINED))("docs/seed-tables.md is what npm run tables writes", () => {
  const page = seedTables(loadGraph(TRAINED));
  expect(readFileSync(PAGE, "utf8")).toBe(page);
  // One cell of each table, by hand.
  expect(page).toMatch(/\| fire4 +\| 55x55x256 \/ 55x55x256 +\| 32, 128, 128 \/ 32, 128, 128/);
  expect(page).toMatch(/\| SqueezeNet +\| Deep Compression +\| 8 bit +\| 0\.64 MB \/ 0\.66 MB/);
  expect(page).toContain("| 6.06 MB / 7.7 MB |");
  expect(page).toMatch(/\| VGG 16 +\| 15470 \/ 15300/);
  expect(page).toMatch(/\| 0\.50 MobileNet-160 \| 76\.53 \/ 76/);
});
