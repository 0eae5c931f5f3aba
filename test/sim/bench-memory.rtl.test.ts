import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  axiReadMemory,
  axiWriteMemory,
  cycle,
  runCycles,
  verilateModule,
  type Dut,
} from "../../sim/bench/index.ts";
import { registers } from "../../src/format/registers.ts";
import { compileCopy, mistakes, type CopyShape } from "./copy-job.ts";

const folder = mkdtempSync(join(tmpdir(), "firebrick-bench-memory-"));
afterAll(() => rmSync(folder, { recursive: true }));

const inputBase = 0x1000;
const outputBase = 0x2000;
const mapBytes = (shape: CopyShape): number => shape.rows * shape.width * shape.busBytes;

interface Copy {
  readonly dut: Dut;
  readonly bytes: Uint8Array;
  readonly reads: ReturnType<typeof axiReadMemory>;
  readonly writes: ReturnType<typeof axiWriteMemory>;
  readonly run: () => number;
}

/** The stand-in accelerator between the bench's memories, its registers set and its start bit written. */
async function copy(
  shape: CopyShape,
  options: { latency?: number; stall?: number; readErrors?: number[]; mistake?: keyof typeof mistakes } = {},
): Promise<Copy> {
  const dut = await verilateModule({
    top: "top",
    files: [join(compileCopy(folder, shape), "rtl", "top.v")],
    clock: "aclk",
    reset: "aresetn",
    resetActiveLow: true,
  });
  const bytes = Uint8Array.from({ length: 0x3000 }, (_, i) => (13 * i + 5) & 255);
  bytes.set([mistakes[options.mistake ?? "none"], 1, 2]);
  const { latency = 1, stall = 0 } = options;
  const common = { bytes, latency, stall };
  const reads = axiReadMemory(dut, { ...common, errorBursts: options.readErrors ?? [] });
  const writes = axiWriteMemory(dut, common);
  const actors = [reads, writes];
  for (const port of ["awvalid", "wvalid", "arvalid"]) dut.poke(`s_axil_${port}`, 0);
  dut.poke("s_axil_bready", 1);
  dut.poke("s_axil_rready", 1);
  dut.reset(4);
  const written = [
    ["globalEnable", 1],
    ["enable", 1],
    ["model", 0],
    ["input", inputBase],
    ["output", outputBase],
    ["control", 1],
  ] as const;
  for (const [name, value] of written) {
    dut.poke("s_axil_awaddr", registers[name].address);
    dut.poke("s_axil_wdata", value);
    for (const valid of [1, 0]) {
      dut.poke("s_axil_awvalid", valid);
      dut.poke("s_axil_wvalid", valid);
      cycle(dut, actors);
    }
  }
  const run = () =>
    runCycles(dut, actors, { until: () => dut.peekNumber("interrupt") === 1, maxCycles: 5000 });
  return { dut, bytes, reads, writes, run };
}

describe("memories of a bench", () => {
  const shapes: CopyShape[] = [
    { busBytes: 8, rows: 6, width: 10, channels: 8 },
    { busBytes: 16, rows: 5, width: 16, channels: 16 },
  ];
  it.each(
    shapes.flatMap((shape) => [
      { shape, latency: 1, stall: 0 },
      { shape, latency: 20, stall: 0 },
      { shape, latency: 3, stall: 60 },
    ]),
  )(
    "carry $shape.busBytes bytes a beat, latency $latency, $stall % stalls",
    async ({ shape, latency, stall }) => {
      const { dut, bytes, reads, writes, run } = await copy(shape, { latency, stall });
      const count = mapBytes(shape);
      const expected = bytes.slice(inputBase, inputBase + count).map((byte) => byte + 1);
      const beyond = bytes.slice(outputBase + count);
      const cycles = run();
      expect(bytes.slice(outputBase, outputBase + count)).toEqual(expected);
      expect(bytes.slice(outputBase + count)).toEqual(beyond);
      expect(reads.bursts).toHaveLength(1 + shape.rows);
      expect(reads.bursts[1]).toEqual({ address: inputBase, beats: shape.width });
      expect(writes.bursts).toHaveLength(shape.rows);
      expect([reads.open, writes.open]).toEqual([0, 0]);
      const beats = shape.rows * shape.width;
      if (stall === 0) expect(cycles).toBeLessThan(beats + 3 * latency + 15);
      else expect(cycles).toBeGreaterThan(1.5 * beats);
      dut.close();
    },
  );

  it("answer with errors", async () => {
    const { dut, run } = await copy(shapes[0]!, { readErrors: [2] });
    run();
    dut.poke("s_axil_araddr", registers.error.address);
    dut.poke("s_axil_arvalid", 1);
    dut.step();
    expect(dut.peekNumber("s_axil_rdata")).toBe(1);
    dut.close();
  });

  it.each([
    { mistake: "readOutside", message: "read of 8 bytes at 0x50000000 is outside the memory" },
    { mistake: "crossPage", message: "ar: 10 beats at 0x1ff8 cross a 4 KB border" },
    { mistake: "wrongLast", message: "w: WLAST is 1 in beat 3 of 10" },
  ] as const)("notice $mistake", async ({ mistake, message }) => {
    const { dut, run } = await copy(shapes[0]!, { mistake });
    expect(run).toThrow(message);
    dut.close();
  });

  it("notice data that changes while stalled", async () => {
    const { dut, run } = await copy(shapes[0]!, { mistake: "unstableData", stall: 80 });
    expect(run).toThrow(/w: data changed from \d+ to \d+ while stalled/);
    dut.close();
  });
});
