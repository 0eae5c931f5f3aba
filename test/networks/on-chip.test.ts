/** Maps and weights that stay on the chip: every layer of image after image, what memory is still asked for, and the cycles of both kinds of images. */
import { describe, expect, test } from "vitest";
import { programBytes } from "../../src/4-schedule/program.ts";
import type { BufferOptions } from "../../src/4-schedule/size.ts";
import { HEADER_BYTES, HEADER_READ_BYTES } from "../../src/format/program.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import { item } from "../../src/ir/known.ts";
import { accelerators, expectBitExact, noise } from "./accelerator.ts";
import { seededInteger } from "./hardware.ts";

const make = accelerators();

/** Strides, a residual block, a pool behind the array, a map that two layers read, a mean and a fully connected layer. */
const graph = seededInteger(
  (() => {
    const b = buildNetwork("on-chip", { height: 24, width: 20, channels: 3 });
    const first = b.conv("first", b.input, 16, { kernel: 3, stride: 2, padding: 1 });
    const narrow = b.conv("narrow", b.depthwise("deep", first, { kernel: 3, padding: 1 }), 24, { kernel: 1 });
    const wide = b.conv("wide", narrow, 48, { kernel: 1 });
    const back = b.conv("back", b.depthwise("middle", wide, { kernel: 3, padding: 1 }), 24, { kernel: 1 });
    const sum = b.add("sum", narrow, back);
    const pooled = b.maxPool("pool", b.conv("large", sum, 40, { kernel: 3, padding: 1 }), {
      kernel: 2,
      stride: 2,
    });
    b.dense("classes", b.globalAverage("mean", b.conv("last", pooled, 72, { kernel: 3 })), 10);
    return b.finish();
  })(),
  3,
);
const images = [noise(graph, 1), noise(graph, 2), noise(graph, 3)];

interface Case {
  readonly what: string;
  readonly array: string;
  readonly memory: string;
  readonly packed: boolean;
  readonly buffers: BufferOptions;
}

describe.each<Case>([
  {
    ...{ what: "everything", array: "8x8", memory: "bytes=8,latency=40", packed: false },
    buffers: { mapBytes: Infinity, keptWords: Infinity },
  },
  {
    ...{ what: "everything", array: "8x16", memory: "bytes=2,latency=20", packed: true },
    buffers: { mapBytes: Infinity, keptWords: Infinity },
  },
  {
    ...{
      what: "some maps and the first weights",
      array: "4x8",
      memory: "bytes=16,latency=40",
      packed: false,
    },
    buffers: { mapBytes: 4096, keptWords: 200, weightWords: 128 },
  },
  {
    ...{ what: "maps alone", array: "8x8", memory: "bytes=4,latency=60", packed: false },
    buffers: { mapBytes: Infinity },
  },
])(
  "$what on $array, memory of $memory, two products a DSP: $packed",
  ({ array, buffers, memory, packed }) => {
    test("image after image", async () => {
      const accelerator = make([graph], array, memory, packed, buffers);
      const [plan] = accelerator.plans;
      const run = await accelerator.run(0, images);
      expectBitExact(run);
      const { blocks, hardware, keptBlocks } = plan!;
      const [first, ...next] = run.report.inputs;
      for (const { cycles, predictedCycles } of run.report.inputs)
        expect(
          Math.abs(predictedCycles / cycles - 1),
          `${predictedCycles} predicted, ${cycles} simulated`,
        ).toBeLessThan(0.01);

      const weights = blocks
        .slice(keptBlocks.from, keptBlocks.to)
        .flatMap(({ phases }) =>
          phases.flatMap(({ centreTap, segment }) => [segment?.bytes ?? 0, centreTap?.segment.bytes ?? 0]),
        )
        .reduce((sum, bytes) => sum + bytes, 0);
      const program = HEADER_READ_BYTES + programBytes(hardware, blocks.length) - HEADER_BYTES;
      for (const image of next) {
        expect(first!.memory.readBytes - image.memory.readBytes).toBe(weights + program);
        expect(image.cycles).toBeLessThan(first!.cycles);
        expect(image.cycles).toBe(item(next, 0).cycles);
      }
      const regions = blocks.map(({ destination }) => destination.region);
      const isOnChip = (region: string) => region === "chip";
      if (buffers.keptWords === Infinity)
        expect([keptBlocks, hardware.weightDepth]).toEqual([{ from: 0, to: blocks.length }, 16]);
      if (buffers.mapBytes === Infinity) {
        expect(regions.slice(0, -1).every(isOnChip)).toBe(true);
        expect(first!.memory.writeBytes).toBeLessThanOrEqual(32);
      } else {
        expect(hardware.chipDepth * hardware.busBytes).toBeLessThanOrEqual(4096);
        expect([regions.some(isOnChip), regions.slice(0, -1).every(isOnChip)]).toEqual([true, false]);
        expect(keptBlocks.from).toBeGreaterThan(0);
        expect(keptBlocks.to).toBeGreaterThan(keptBlocks.from);
      }
    });
  },
);
