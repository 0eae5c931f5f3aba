import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, expect, it, vi } from "vitest";
import { explorePage } from "../../codegen/report/explore-page.ts";
import { synthesisTasks } from "../../src/cli/explore-synthesis.ts";
import type { Explored } from "../../src/explore/explored.ts";
import { formatExplored } from "../../src/explore/text.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import { noResources } from "../../src/resources/family.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const small = "pictures";

/** Sixteen arrays, those of one bus. */
const memory = ["--memory", "bytes=8,latency=20"];
let found: Explored;

beforeAll(async () => {
  const run = await firebrick("explore", small, ...memory, "--json");
  const { front, ...others } = JSON.parse(run.stdout) as Explored;
  // the front is some of the points
  found = {
    ...others,
    front: front.map((best) => others.points.find((point) => isDeepStrictEqual(point, best))!),
  };
});

it("asks report for the fastest of the front, one task each", () => {
  const tasks = synthesisTasks([found], 2, ({ array }) => ["--array", `${array.pk}x${array.pc}`]);
  const [first, second] = found.front.map(({ array }) => `${array.pk}x${array.pc}`);
  expect(tasks).toEqual(
    [first, second].map((array) => ({
      name: `${small} --array ${array}`,
      args: ["report", small, "--array", array, "--synth", "--timing", "none", "--json"],
    })),
  );
  // no more than there are
  expect(synthesisTasks([found], 999, () => [])).toHaveLength(found.front.length);
});

it("shows the counts beside the points that have them", () => {
  const synthesis = [{ ...noResources, lut: 12_345, lutRam: 99, ff: 23_456, dsp: 67, blockRam: 89 }];
  const counted = { ...found, synthesis };
  const text = formatExplored(counted);
  expect(text).toMatch(/ LUT │ +FF │ +DSP │ block RAM │/);
  expect(text).toMatch(/ 12345 │ 23456 │ +67 │ +89 │/);
  expect(text.match(/12345/g)).toHaveLength(1);
  // a border a column in every row
  const borders = text.split("\n").filter((line) => line.startsWith("│"));
  expect(new Set(borders.map((line) => line.match(/│/g)!.length))).toEqual(new Set([16]));
  expect(formatExplored(found)).not.toContain("block RAM");
  const rows = [...explorePage(counted).matchAll(/<tr[^>]*><th scope="row">[^<]+<\/th>(.*?)<\/tr>/g)];
  const numbers = (row: string) => [...row.matchAll(/<data value="([^"]+)">/g)].map(([, value]) => value);
  expect(numbers(rows[0]![1]!).slice(-4)).toEqual(["12345", "23456", "67", "89"]);
  for (const [, row] of rows) expect(row!.match(/<td/g)).toHaveLength(14);
  expect(numbers(rows[1]![1]!)).toHaveLength(9);
});

it("runs each as a task with its own options; names what failed twice and keeps the folder of --work", () =>
  inTemporaryFolder(async (folder) => {
    const yosys = join(folder, "yosys");
    const lines = [
      "#!/bin/sh",
      `[ "$1" = -V ] && echo "Yosys 9.9 (broken)" && exit 0`,
      "echo no luck >&2; exit 1",
    ];
    writeFileSync(yosys, lines.join("\n"), { mode: 0o755 });
    vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
    vi.stubEnv("FIREBRICK_CACHE", join(folder, "cache"));
    const work = join(folder, "work");
    const run = await firebrick("explore", small, ...memory, "--synth", "2", "--work", work, "--json");
    vi.unstubAllEnvs();
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("2 of 2 tasks failed twice:");
    const [, lost = ""] = run.stderr.split("failed twice:");
    expect(
      lost.match(new RegExp(`^${small} --array \\d+x\\d+ --memory bytes=8,latency=20`, "gm")),
    ).toHaveLength(2);
    expect(lost).toContain("no luck");
    expect(readdirSync(work).filter((name) => name.endsWith(".sh"))).toEqual(["task-0.sh", "task-1.sh"]);
    // the first task without --synth: the fastest that explore found
    const [command] = /'report' .*'--json'/.exec(readFileSync(join(work, "task-0.sh"), "utf8"))!;
    const words = command.replaceAll("'", "").split(" ");
    const report = await firebrick(
      ...words.filter((word) => !/^(--synth|--timing|none)$/.test(word)),
      "--images",
      "next",
    );
    expect((JSON.parse(report.stdout) as ModelReport).cycles).toBe(found.best.cycles);
  }));

it.each([
  [["--synth", "0"], /bad-option: --synth: found "0"/],
  [["--synth", "many"], /bad-option: --synth: found "many"/],
  [["--executor", "local"], /--executor runs --synth/],
  [["--synth", "--executor", "cloud"], /bad-option: --executor: found "cloud"/],
])("refuses %j", async (options, message) => {
  const run = await firebrick("explore", small, ...options);
  expect([run.status, run.stderr]).toEqual([2, expect.stringMatching(message)]);
});
