import { describe, expect, it } from "vitest";
import { mapBytes } from "../../src/4-schedule/scratchpad.ts";

describe("bytes of maps on the chip", () => {
  it("are no more than the scratchpad's address reaches, 65,536 beats", () => {
    const size = { pk: 8, pc: 8, buffers: { mapBytes: Infinity } } as const;
    expect(mapBytes({ ...size, busBytes: 8 })).toBe(524_288);
    expect(mapBytes({ ...size, busBytes: 16 })).toBe(1_048_576);
    expect(mapBytes({ ...size, busBytes: 16, buffers: { mapBytes: 4096 } })).toBe(4096);
  });

  it("grow with the array where nobody says them", () => {
    const bytes = ([8, 16, 32] as const).map((side) => mapBytes({ pk: side, pc: side, busBytes: 16 }));
    expect(bytes).toEqual([0, 524_288, 524_288]);
  });
});
