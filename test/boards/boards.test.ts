import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { isPacked } from "../../src/boards/parts.ts";
import { chooseFor } from "../../src/boards/choose.ts";
import { usesOf } from "../../src/boards/fit.ts";
import { boardByName, boardNames, bytesPerCycle } from "../../src/boards/index.ts";
import { blocksOf, ramsOf } from "../../src/boards/resources.ts";
import { InputError } from "../../src/ir/errors.ts";
import { packagePath } from "../../src/ir/package-root.ts";
import { loadModel } from "../../src/load.ts";

const tiny = () => loadModel("mobilenet-v1-0.25-32", { seed: 1, dump: undefined });

function problems(body: () => unknown): InputError["problems"] {
  try {
    body();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("board files", () => {
  it.each(boardNames())("%s is what the schema says", (name) => {
    expect(boardByName(name).name).toBe(name);
  });

  it("names the boards when one is unknown", () => {
    expect(problems(() => boardByName("arty"))).toMatchObject([{ code: "unknown-board", found: '"arty"' }]);
  });

  it("takes a file of the user's own and says everything that is wrong with one", () => {
    const folder = mkdtempSync(join(tmpdir(), "firebrick-board-"));
    try {
      const text = readFileSync(packagePath("hw", "boards", "pynq-z2.json"), "utf8");
      const mine = join(folder, "mine.json");
      writeFileSync(mine, text.replace('"pynq-z2"', '"mine"'));
      expect(boardByName(mine).name).toBe("mine");
      writeFileSync(mine, text.replace('"pynq-z2"', '"My Board"').replace('"value": 220', '"value": -1'));
      const found = problems(() => boardByName(mine));
      expect(found.map(({ code }) => code)).toEqual(["board-file", "board-file"]);
      expect(found.map((p) => p.found.split(":")[0])).toEqual(["name", "resources.dsp.value"]);
      writeFileSync(mine, "{");
      expect(problems(() => boardByName(mine))).toMatchObject([{ code: "board-file", supported: "JSON" }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("what a network needs", () => {
  const plan = schedule(tiny(), { pk: 4, pc: 4, busBytes: 8 });

  it("counts each memory in blocks of the best shape", () => {
    const ice = boardByName("icebreaker");
    const ram = { name: "ring", count: 4, words: 1024, bits: 36 };
    // 256 x 16: 4 * 3; 512 x 8: 2 * 5; 1024 x 4: 9
    expect(blocksOf(ram, ice)).toBe(4 * 9);
    // 1024 x 18: 2; 512 x 36: 2
    expect(blocksOf(ram, boardByName("pynq-z2"))).toBe(4 * 2);
  });

  it("counts the memories that lane.v and line_buffer.v build", () => {
    const weights = ramsOf(plan, boardByName("pynq-z2")).find(({ name }) => name === "weight ring");
    expect(weights).toEqual({ name: "weight ring", count: 4, words: plan.hardware.weightDepth, bits: 36 });
  });

  it("counts a DSP block for one multiplier, or for two, and four a requantiser", () => {
    const [dsp] = usesOf(plan, boardByName("pynq-z2"));
    expect(dsp).toEqual({ resource: "DSP blocks", needed: 16 + 4 * 4, available: 220 });
    const packed = schedule(tiny(), { pk: 4, pc: 8, busBytes: 8, packed: true });
    expect(usesOf(packed, boardByName("pynq-z2"))[0]?.needed).toBe(16 + 4 * 4);
  });

  it("packs two products where the device's blocks hold them and a window is short enough", () => {
    const packed = (name: string, pc: number) => isPacked(boardByName(name), { pc });
    const names = ["arty-a7-100t", "pynq-z2", "ultra96-v2", "kv260", "ulx3s-85f"];
    expect(names.map((name) => packed(name, 8))).toEqual([true, true, true, true, true]);
    expect([packed("arty-a7-100t", 4), packed("tang-nano-20k", 16), packed("icebreaker", 8)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("what a board stands for", () => {
  it("takes the most multipliers that fit", () => {
    const choice = chooseFor(tiny(), boardByName("pynq-z2"), null);
    expect(choice.array).toEqual({ pk: 16, pc: 16, packed: true });
    expect(choice).toMatchObject({ busBytes: 8, memory: "bytes=8,latency=40" });
    expect(choice.reasons.join()).toContain("the most multipliers that fit");
    expect(bytesPerCycle(boardByName("ulx3s-85f"))).toBe(2);
  });

  it("refuses an array that the board has no DSP blocks for", () => {
    const found = problems(() => chooseFor(tiny(), boardByName("pynq-z2"), { pk: 32, pc: 16 }));
    expect(found).toMatchObject([{ code: "does-not-fit", node: "pynq-z2", supported: "220 DSP blocks" }]);
    expect(found[0]?.found).toContain("384 DSP blocks needed with a 32x16 array (the binding resource)");
    expect(found[0]?.fix).toContain("a smaller --array");
  });

  it("refuses a board whose memory nothing connects to, and names one that fits", () => {
    const found = problems(() => chooseFor(tiny(), boardByName("icebreaker"), null));
    expect(found[0]?.found).toContain("(the binding resource)");
    expect(found.map(({ fix }) => fix).join()).toContain(
      "the smallest known board with enough DSP blocks, block RAM and memory is tang-nano-20k",
    );
    expect(found.map(({ supported }) => supported).join()).toContain("no memory on iCEBreaker");
  });
});
