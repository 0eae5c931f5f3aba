import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { blockRamsOf, memoryLutsOf } from "../../src/resources/memory.ts";
import type { Family } from "../../src/resources/family.ts";

/** Block RAMs that Yosys 0.23 made of ram_1r1w, by family, words and bits a word. */
const measured = z
  .object({
    widths: z.array(z.number()),
    depths: z.array(z.number()),
    blocks: z.record(z.string(), z.array(z.array(z.number()))),
  })
  .parse(JSON.parse(readFileSync(new URL("memories.json", import.meta.url), "utf8")));

it.each(["xc7", "xcup", "ecp5", "gowin", "ice40"] as const)(
  "counts the block RAMs of 308 memories on %s as Yosys does",
  (family: Family) => {
    const counted = measured.depths.map((words) =>
      measured.widths.map((bits) => blockRamsOf(words, bits, family)),
    );
    expect(counted).toEqual(measured.blocks[family]);
    expect(counted.flat()).toHaveLength(308);
  },
);

it("counts look-up tables where no block RAM is taken", () => {
  // RAM64M: 3 bits of 64 words in four; RAM32M: 6 bits of 32; TRELLIS_DPR16X4: 4 bits of 16
  expect([memoryLutsOf(64, 33, "xc7"), memoryLutsOf(16, 32, "xc7"), memoryLutsOf(65, 33, "xc7")]).toEqual([
    44, 24, 0,
  ]);
  expect([memoryLutsOf(32, 32, "ecp5"), memoryLutsOf(33, 32, "ecp5")]).toEqual([64, 0]);
});
