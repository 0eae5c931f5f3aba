/** The array and the small engine answer every command in the same shape. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const star = packagePath("src", "zoo", "pictures", "examples", "star.png");
const array = ["--array", "4x4", "--memory", "bytes=8"];
const small = ["--board", "icebreaker"];

type Json = Readonly<Record<string, unknown>>;

async function run(...args: string[]): Promise<Json> {
  const { status, stderr, stdout } = await firebrick(...args, "--json");
  expect(stderr).not.toContain("firebrick:");
  expect(status).toBe(0);
  return JSON.parse(stdout) as Json;
}

/** Names of the fields at every depth, an array's by its first element. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? "array" : [shapeOf(value[0])];
  if (typeof value !== "object" || value === null) return "value";
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, field]) => [name, shapeOf(field)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

it("compile", () =>
  inTemporaryFolder(async (folder) => {
    const one = await run("compile", "pictures", ...array, "-o", join(folder, "array"));
    const other = await run("compile", "pictures", ...small, "-o", join(folder, "small"));
    expect(Object.keys(other)).toEqual(Object.keys(one));
    expect(one).toMatchObject({ engine: "array", board: "none", busBytes: 8, array: { pk: 4, pc: 4 } });
    expect(other).toMatchObject({
      ...{ engine: "small", board: "icebreaker", busBytes: null, array: { pk: 4, pc: 4 } },
      ...{ clockMHz: 24, macs: one.macs, multipliers: one.multipliers },
      reasons: [expect.stringContaining("small engine")],
    });
    expect(other.resources).toContainEqual({ resource: "DSP blocks", needed: 8, available: 8 });
  }));

it("simulate, and accuracy with --rtl", () =>
  inTemporaryFolder(async (folder) => {
    const simulated = [];
    const judged = [];
    const labels = join(folder, "labels.csv");
    writeFileSync(labels, "star.png,4\n");
    const labelled = ["--images", join(star, ".."), "--labels", labels, "--rtl", "1"];
    for (const hardware of [array, small]) {
      simulated.push(await run("simulate", "pictures", "--input", star, ...hardware));
      judged.push(await run("accuracy", "pictures", ...labelled, ...hardware));
    }
    expect(shapeOf(simulated[1])).toEqual(shapeOf(simulated[0]));
    expect(shapeOf(judged[1])).toEqual(shapeOf(judged[0]));
    expect(judged[1]).toMatchObject({ top1: 1, rtl: { images: 1, bitExact: 1 } });
  }));

it("report", async () => {
  const [one, other] = [await run("report", "pictures", ...array), await run("report", "pictures", ...small)];
  expect(Object.keys(other).toSorted()).toEqual(Object.keys(one).toSorted());
});

it("explore, with one accelerator for the small engine", async () => {
  const compiled = await run("report", "pictures", ...small);
  const one = await run("explore", "pictures", "--memory", "bytes=8");
  const other = await run("explore", "pictures", ...small);
  expect(shapeOf(other)).toEqual(shapeOf({ ...one, refused: [] }));
  expect(other).toMatchObject({
    ...{
      configurations: 1,
      board: "icebreaker",
      command: "firebrick compile pictures -o out --board icebreaker",
    },
    best: { cycles: compiled.cycles, framesPerSecond: compiled.framesPerSecond, busBytes: null, dsps: 8 },
  });
  const text = await firebrick("explore", "pictures", ...small);
  expect(text.stdout).toMatch(/^1 configuration at 24 MHz: 1 that nothing beats, 0 too large, 0 that/);
  const memory = await firebrick("explore", "pictures", ...small, "--memory", "bytes=8");
  expect([memory.status, memory.stderr]).toEqual([2, expect.stringContaining("bad-option: --memory")]);
});
