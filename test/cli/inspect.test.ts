import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { firebrick, inTemporaryFolder } from "./helper.ts";

it("inspect prints the layers of a zoo network", async () => {
  const { status, stdout, stderr } = await firebrick("inspect", "mobilenet-v1-0.25-128");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("467,593 parameters, 13,570,304 multiply-accumulates");
});

it("inspect --json gives parameters, macs, layers and problems", async () => {
  const { status, stdout } = await firebrick("inspect", "mobilenet-v1-0.25-128", "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ parameters: 467593, macs: 13570304, problems: [] });
});

it.each([
  ["an empty file", "empty.tflite", (file: string) => writeFileSync(file, "")],
  ["a text file", "text.tflite", (file: string) => writeFileSync(file, "hello")],
  ["a folder", "dir.tflite", (file: string) => mkdirSync(file)],
  ["nothing", "none.tflite", () => undefined],
])("inspect refuses %s with one message", (_what, name, make) =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, name);
    make(file);
    const { status, stdout, stderr } = await firebrick("inspect", file);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^firebrick: [a-z-]+: .*; supported: .*; fix: .*\n$/);
    expect(stderr).toContain(name);
  }),
);
