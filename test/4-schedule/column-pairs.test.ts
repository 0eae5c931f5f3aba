import { describe, expect, it } from "vitest";
import { arrayCycles } from "../../src/4-schedule/array-cycles.ts";
import type { PhaseShape } from "../../src/4-schedule/draft.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import { seededInteger } from "../networks/hardware.ts";

interface Layer {
  readonly kernel: number;
  readonly stride: number | readonly [number, number];
}

/** Columns a step of a depthwise layer in front of a pointwise one, and the second copy that its line buffer has. */
function planOf({ kernel, stride }: Layer, pc: 8 | 16 | 32, columnPairs?: boolean, packed = false) {
  const b = buildNetwork("test", { height: 24, width: 24, channels: 16 });
  const deep = b.depthwise("deep", b.input, { kernel, stride });
  b.globalAverage("average", b.conv("point", deep, 16, { kernel: 1 }));
  const plan = schedule(seededInteger(b.finish(), 3), { pk: 8, pc, busBytes: 8, packed, columnPairs });
  const phase = plan.blocks[0]?.phases[0];
  const { depth = 0, pairDepth = 0 } = plan.hardware.lineBuffers[0] ?? {};
  return { columns: phase?.columns, copied: pairDepth > 0, whole: pairDepth === depth };
}

describe("pairs of columns", () => {
  it("are taken at a stride of two where the array has a window a cycle", () => {
    expect(planOf({ kernel: 3, stride: 2 }, 16)).toEqual({ columns: 2, copied: true, whole: true });
    expect(planOf({ kernel: 5, stride: 2 }, 32)).toMatchObject({ columns: 2 });
    expect(planOf({ kernel: 3, stride: [1, 2] }, 16)).toMatchObject({ columns: 2 });
    // windows of two lanes side by side
    expect(planOf({ kernel: 3, stride: 2 }, 16, undefined, true)).toMatchObject({ columns: 2 });
  });

  it("are not where they save nothing", () => {
    const single = { columns: 1, copied: false };
    // two cycles a window
    expect(planOf({ kernel: 3, stride: 2 }, 8, true)).toMatchObject(single);
    expect(planOf({ kernel: 5, stride: 2 }, 16, true)).toMatchObject(single);
    expect(planOf({ kernel: 3, stride: 1 }, 16, true)).toMatchObject(single);
    expect(planOf({ kernel: 3, stride: [2, 1] }, 16, true)).toMatchObject(single);
    expect(planOf({ kernel: 3, stride: 3 }, 16, true)).toMatchObject(single);
    expect(planOf({ kernel: 3, stride: 2 }, 16, false)).toMatchObject(single);
  });

  it("halve the cycles of the array", () => {
    const phase: PhaseShape = {
      ...{
        kind: "depthwise",
        operator: null,
        centreTap: null,
        readsPatches: false,
        sparse: null,
        columns: 1,
      },
      ...{ kernel: [3, 3], window: [3, 3], stride: [2, 2], padTop: 0, padLeft: 0, wholeBeats: false },
      ...{
        inputRows: 20,
        inputWidth: 20,
        inputChannels: 48,
        outputRows: 10,
        outputWidth: 10,
        outputChannels: 48,
      },
    };
    const size = { pk: 16, pc: 16, busBytes: 16 } as const;
    expect(arrayCycles(phase, size, false)).toBe(10 * 10 * 3 * 2);
    expect(arrayCycles({ ...phase, columns: 2 }, size, false)).toBe(10 * 10 * 3);
  });
});
