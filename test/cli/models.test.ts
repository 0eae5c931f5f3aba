import { expect, it } from "vitest";
import { firebrick } from "./helper.ts";

it("models lists the embedded network and the zoo with their sizes", async () => {
  const { status, stdout } = await firebrick("models", "--json");
  expect(status).toBe(0);
  const { models } = JSON.parse(stdout) as { models: { name: string; macs: number; parameters: number }[] };
  expect(models[0]?.name).toBe("pictures");
  expect(models.find((model) => model.name === "mobilenet-v1-0.5-160")).toMatchObject({ macs: 76525312 });
});

it("models prints a table with grouped digits", async () => {
  const { stdout } = await firebrick("models");
  expect(stdout).toMatch(/│ mobilenet-v1-1\.0-224 +│ .* │ +568,741,376 │/);
});
