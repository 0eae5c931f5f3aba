import { describe, expect, it } from "vitest";
import { segments, workspaceOffsets, type Lifetime } from "../../src/4-schedule/memory.ts";
import { integers } from "../golden/helpers.ts";

/** Maps in the order of their blocks, as the scheduler gives them. */
function randomLifetimes(seed: number): Lifetime[] {
  const next = integers(seed);
  return Array.from({ length: next(1, 40) }, (_, from) => ({
    bytes: next(1, 5000),
    from,
    to: from + (next(0, 3) === 0 ? next(0, 20) : next(0, 2)),
  }));
}

describe("workspaceOffsets", () => {
  it("never lets maps overlap that live at the same time, on 256-byte boundaries", () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const maps = randomLifetimes(seed);
      const { offsets, bytes } = workspaceOffsets(maps);
      maps.forEach((a, i) => {
        expect(offsets[i]! % 256).toBe(0);
        expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(bytes);
        maps.slice(0, i).forEach((b, j) => {
          const together = a.from <= b.to && b.from <= a.to;
          const apart = offsets[i]! + a.bytes <= offsets[j]! || offsets[j]! + b.bytes <= offsets[i]!;
          if (together && !apart) throw new Error(`seed ${seed}: maps ${j} and ${i} overlap`);
        });
      });
    }
  });

  it("uses the bytes of a map again once its last reader is done", () => {
    const maps = [0, 1, 2, 3].map((from) => ({ bytes: 1000, from, to: from + 1 }));
    expect(workspaceOffsets(maps)).toEqual({ offsets: [0, 1024, 0, 1024], bytes: 2048 });
  });

  it("keeps maps apart that one block writes, or that come in another order than their blocks", () => {
    const one = { bytes: 100, from: 3, to: 3 };
    expect(workspaceOffsets([one, one]).offsets).toEqual([0, 256]);
    const lives = (from: number, to: number) => ({ bytes: 100, from, to });
    expect(workspaceOffsets([lives(2, 4), lives(0, 2)]).offsets).toEqual([0, 256]);
    expect(workspaceOffsets([lives(2, 4), lives(0, 1)]).offsets).toEqual([0, 0]);
  });

  it("fits a small map into a gap", () => {
    const maps = [
      { bytes: 300, from: 0, to: 1 },
      { bytes: 256, from: 1, to: 9 },
      { bytes: 513, from: 2, to: 9 },
      { bytes: 512, from: 3, to: 9 },
    ];
    expect(workspaceOffsets(maps)).toEqual({ offsets: [0, 512, 768, 0], bytes: 1536 });
  });

  it("needs nothing for a network of one block", () => {
    expect(workspaceOffsets([])).toEqual({ offsets: [], bytes: 0 });
  });
});

describe("segments", () => {
  it("places weights behind the program, each on a 256-byte boundary", () => {
    const model = segments(300);
    expect([model.place(1), model.place(256), model.place(257), model.place(10)]).toEqual([
      512, 768, 1024, 1536,
    ]);
    expect(model.used()).toBe(1792);
  });
});
