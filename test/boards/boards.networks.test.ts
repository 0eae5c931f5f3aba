import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { isPacked } from "../../src/boards/parts.ts";
import { weighFor } from "../../src/boards/choose.ts";
import { usesOf } from "../../src/boards/fit.ts";
import { boardByName, boardNames, bytesPerCycle, type Weighed } from "../../src/boards/index.ts";
import { explore } from "../../src/index.ts";
import { planAccelerator } from "../../src/targets/index.ts";
import { InputError } from "../../src/ir/errors.ts";
import { packagePath } from "../../src/platform/package.ts";
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

/** Problems of a choice that does not fit. */
const shortOf = ({ refusal }: Weighed): InputError["problems"] => refusal?.problems ?? [];

describe("board files", () => {
  it.each(boardNames())("%s is what the schema says", (name) => {
    expect(boardByName(name).name).toBe(name);
  });

  it("names the boards when one is unknown", () => {
    expect(problems(() => boardByName("pynq"))).toMatchObject([
      {
        code: "unknown-board",
        found: '"pynq"',
        fix: expect.stringMatching(/^did you mean pynq-z2\?/) as string,
      },
    ]);
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
      writeFileSync(
        mine,
        text.replace('"value": 220', '"value": 1e308').replace(/"target": [0-9.]+/, '"target": 1e300'),
      );
      const large = problems(() => boardByName(mine));
      expect(large.map((p) => p.found.split(":")[0])).toEqual(["resources.dsp.value", "clock.target"]);
      writeFileSync(mine, "{");
      expect(problems(() => boardByName(mine))).toMatchObject([{ code: "board-file", supported: "JSON" }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("what a network needs", () => {
  const plan = schedule(tiny(), { pk: 4, pc: 4, busBytes: 8 });

  it("counts every resource on the board's device", () => {
    const uses = usesOf(plan, boardByName("pynq-z2"));
    expect(uses.map(({ available, resource }) => [resource, available])).toEqual([
      ["DSP blocks", 220],
      ["block RAMs", 280],
      ["look-up tables", 53200],
      ["flip-flops", 106400],
      ["bytes of memory", 512 * 2 ** 20],
    ]);
    expect(uses[0]?.needed).toBe(16 + 4 * 2);
    const packed = schedule(tiny(), { pk: 4, pc: 8, busBytes: 8, packed: true });
    expect(usesOf(packed, boardByName("pynq-z2"))[0]?.needed).toBe(16 + 4 * 2);
    // its file knows no look-up tables
    expect(usesOf(plan, boardByName("kv260")).map(({ resource }) => resource)).not.toContain(
      "look-up tables",
    );
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
  it("takes the fastest array that fits", () => {
    const { choice, refusal } = weighFor(tiny(), boardByName("pynq-z2"), null);
    expect(refusal).toBeNull();
    expect(choice).toMatchObject({ busBytes: 16, memory: "bytes=8,latency=40" });
    expect(choice.reasons[0]).toMatch(
      /^array \d+x\d+: the fewest predicted cycles of those that fit in 85 % of the look-up tables/,
    );
    expect(choice.reasons[1]).toMatch(
      /^weighed: 16 arrays, of which \d+ fit so; \d+x\d+ \d+ cycles and \d+ look-up/,
    );
    expect(bytesPerCycle(boardByName("ulx3s-85f"))).toBe(2);
  });

  it.each(["ulx3s-85f", "pynq-z2", "arty-a7-100t"])(
    "takes nothing that explore beats on %s",
    async (name) => {
      const graph = loadModel("pictures");
      const board = boardByName(name);
      const chosen = planAccelerator(graph, { board });
      const { cycles } = chosen.report({ model: "pictures", images: "next", input: null });
      const needed = (resource: string) => chosen.resources.find((use) => use.resource === resource)!;
      const [luts, dsps] = [needed("look-up tables"), needed("DSP blocks").needed];
      expect(luts.needed).toBeLessThanOrEqual(0.85 * luts.available);
      const { front } = await explore(graph, { board });
      const roomy = front.filter((point) => point.luts <= 0.85 * luts.available);
      expect(roomy.length).toBeGreaterThan(2);
      for (const point of roomy) {
        expect(point.cycles).toBeGreaterThanOrEqual(cycles);
        if (point.cycles === cycles) expect([point.luts, point.dsps]).toEqual([luts.needed, dsps]);
      }
    },
  );

  it("leaves as much of the look-up tables free as it is told", () => {
    const board = boardByName("arty-a7-100t");
    const graph = loadModel("mlperf-tiny-vww");
    const at = (fill: number) => weighFor(graph, board, null, { fill }).choice;
    const share = ({ uses }: { readonly uses: ReturnType<typeof usesOf> }) => {
      const { available, needed } = uses.find(({ resource }) => resource === "look-up tables")!;
      return needed / available;
    };
    expect(share(at(85))).toBeGreaterThan(0.3);
    expect(share(at(30))).toBeLessThanOrEqual(0.3);
    expect(at(30).reasons[0]).toMatch(/; \d+x\d+ would need \d+ of 63400 look-up tables \(30 % are 19020\)$/);
    expect(weighFor(tiny(), board, null, { fill: 1 }).choice.reasons[0]).toMatch(
      /^array 4x4: the fewest look-up tables, \d+ % of the board's; none fits in 1 % \(--fill\)$/,
    );
  });

  it("says which kernel the estimate leaves out", () => {
    const own = packagePath("hw", "kernels", "hard-swish.ts");
    const reasonsWith = (activation: string): string => {
      const graph = loadModel("mobilenet-v1-0.25-32", { activation });
      return weighFor(graph, boardByName("pynq-z2"), null).choice.reasons.join();
    };
    expect(reasonsWith(own)).toContain(`${own} is not counted: \`report --synth\` counts it`);
    expect(reasonsWith("hard-swish")).not.toContain("is not counted");
  });

  it("refuses an array that the board has no DSP blocks for", () => {
    const found = shortOf(weighFor(tiny(), boardByName("pynq-z2"), { pk: 32, pc: 16 }));
    expect(found[0]).toMatchObject({ code: "does-not-fit", node: "pynq-z2", supported: "220 DSP blocks" });
    expect(found).toHaveLength(1);
    const larger = shortOf(weighFor(tiny(), boardByName("ulx3s-85f"), { pk: 32, pc: 32 }));
    expect(larger.map((problem) => problem.found)).toContainEqual(
      expect.stringMatching(/^\d+ look-up tables needed with a 32x32 array$/),
    );
    expect(found[0]?.found).toContain("352 DSP blocks needed with a 32x16 array (the binding resource)");
    expect(found[0]?.fix).toContain("it fits with --array 32x8; the smallest known board");
  });

  it("names the resource that is short, what would fit, and that smaller buffers help a small array", () => {
    const wide = loadModel("squeezenet-1.1", { seed: 1, dump: undefined });
    const found = shortOf(weighFor(wide, boardByName("tang-nano-20k"), null));
    expect(found[0]?.found).toContain("(the binding resource)");
    expect(found.map(({ found: what }) => what).join()).toContain(
      "look-up tables needed even with a 4x4 array",
    );
    expect(found[0]?.fix).toMatch(/the smallest known board with enough of everything is \S+/);
  });

  it("refuses a board whose memory nothing connects to, and names one that fits", () => {
    const found = shortOf(weighFor(tiny(), boardByName("icebreaker"), null));
    expect(found[0]?.found).toContain("(the binding resource)");
    expect(found.map(({ fix }) => fix).join()).toContain(
      "the smallest known board with enough of everything is ",
    );
    expect(found.map(({ supported }) => supported).join()).toContain("no memory on iCEBreaker");
  });
});
