import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { commandReference, REFERENCE_PAGE } from "../../src/cli/reference.ts";

it("docs/commands.md is what npm run docs:commands writes", async () => {
  const page = await commandReference();
  expect(page.match(/^## \w+$/gm)).toHaveLength(commands.length);
  expect(page).toContain("--executor");
  expect(readFileSync(REFERENCE_PAGE, "utf8")).toBe(page);
});
