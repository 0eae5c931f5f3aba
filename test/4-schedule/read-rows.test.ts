/** Rows that the phases of a block make: those that are read, whatever the strides leave out. */
import { describe, expect, it } from "vitest";
import { defaultMemory } from "../../sim/memory-options.ts";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import type { BufferOptions } from "../../src/4-schedule/size.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import { seededInteger } from "../networks/hardware.ts";

interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

function planOf(height: number, window: Window, buffers?: BufferOptions) {
  const b = buildNetwork("rows", { height, width: 9, channels: 8 });
  const wide = b.conv("expand", b.conv("conv", b.input, 8, { kernel: 1 }), 64, { kernel: 1 });
  b.globalAverage("mean", b.conv("project", b.depthwise("deep", wide, window), 8, { kernel: 1 }));
  return schedule(seededInteger(b.finish(), 2), { pk: 8, pc: 8, busBytes: 16, buffers });
}

describe("rows between phases", () => {
  it.each([
    [15, { kernel: 2, stride: 2, padding: 0 }, [14, 7, 7]],
    [14, { kernel: 2, stride: 2, padding: 0 }, [14, 7, 7]],
    [12, { kernel: 3, stride: 2, padding: 0 }, [11, 5, 5]],
    [12, { kernel: 3, stride: 2, padding: 1 }, [12, 6, 6]],
    [11, { kernel: 3, stride: 3, padding: 1 }, [11, 4, 4]],
    [16, { kernel: 3, stride: 4, padding: 1 }, [14, 4, 4]],
  ])("%i rows, window %o: %o", (height, window, rows) => {
    for (const buffers of [undefined, { weightWords: 32, lineBytes: 4096 }]) {
      const plan = planOf(height, window, buffers);
      const triple = plan.blocks.find(({ phases }) => phases.length === 3);
      expect(triple?.streamed).toBe(buffers !== undefined);
      expect(triple?.phases.map(({ outputRows }) => outputRows)).toEqual(rows);
      expect(triple?.phases.map(({ inputRows }) => inputRows)).toEqual([height, rows[0], rows[1]]);
      expect(predict(plan, { ...defaultMemory, bytes: 4, latency: 200 }).cycles).toBeGreaterThan(1000);
    }
  });
});
