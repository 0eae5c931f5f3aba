/** What is damaged has to be sound before, or a refusal would say nothing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../random.ts";
import { writeCase } from "./case.ts";
import { damagedFiles } from "./damage.ts";
import { mainOf, type Step } from "./reader.ts";
import { modelReaders, readers } from "./readers/index.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "firebrick-fuzz-seeds-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The last step of each seed, undamaged. */
async function steps(reader: (typeof readers)[number]): Promise<readonly Step[]> {
  const reached: Step[] = [];
  for (const seed of await reader.seeds()) {
    writeCase(damagedFiles(seed, [], []), folder);
    let last: Step = "read";
    // This draw takes every sample of one in ten.
    const draw = Object.assign(new Random(1), { chance: () => true });
    const begin = (step: Step) => (last = step);
    await reader.read(join(folder, mainOf(seed)), { draw, simulate: false, begin });
    reached.push(last);
  }
  return reached;
}

describe("undamaged files are accepted", () => {
  it.each(readers.map((reader) => [reader.name, reader] as const))("%s", async (_, reader) => {
    expect((await steps(reader)).length).toBeGreaterThan(0);
  });
});

it("takes networks of every model format to Verilog", async () => {
  for (const reader of modelReaders)
    expect((await steps(reader)).filter((step) => step === "compile").length, reader.name).toBeGreaterThan(0);
});
