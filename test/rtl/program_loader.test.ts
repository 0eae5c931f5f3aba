import { describe, expect, it } from "vitest";
import { benchRandom, cycle, readServer, runCycles, type Dut } from "../../sim/bench/index.ts";
import { observer, packFields, pulse, randomBytes, withModule } from "./helper.ts";

const base = 0x1000_3000;

type Shape = Readonly<Record<"BusBytes" | "MaxBlocks" | "Pk" | "Pc" | "DescBytes", number>>;

/** A model region: header, filler, descriptors of random bytes. */
function program(shape: Shape, blocks: number, header: Partial<Record<0 | 1 | 2, number>> = {}): Uint8Array {
  const bytes = randomBytes(256 + shape.DescBytes * (shape.MaxBlocks + 1), benchRandom(blocks));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, header[0] ?? 0x314b_4246, true);
  view.setUint32(4, header[1] ?? blocks, true);
  view.setUint32(8, header[2] ?? shapeWord(shape), true);
  return bytes;
}

function shapeWord({ Pk, Pc, BusBytes, DescBytes }: Shape): number {
  return Pk | (Pc << 8) | (BusBytes << 16) | (Number(DescBytes === 512) << 24);
}

/** The descriptor stream as seen, and when each beat came. */
function watch(dut: Dut, shape: Shape) {
  const beats: { block: number; beat: number; data: bigint }[] = [];
  const seen = { bad: 0, failed: 0, lastBeat: -1, loaded: -1, now: 0 };
  const actor = observer(() => {
    seen.now += 1;
    seen.bad += dut.peekNumber("bad_program_o");
    seen.failed += dut.peekNumber("read_failed_o");
    if (dut.peekNumber("loaded_o") === 1 && seen.loaded < 0) seen.loaded = seen.now;
    // a block that counts as loaded was complete two cycles ago: written, then read
    const complete = beats.filter((beat) => beat.beat === shape.DescBytes / shape.BusBytes - 1);
    expect(dut.peekNumber("blocks_loaded_o")).toBeLessThanOrEqual(complete.length);
    if (dut.peekNumber("desc_valid_o") === 0) return;
    seen.lastBeat = seen.now;
    beats.push({
      block: dut.peekNumber("desc_block_o"),
      beat: dut.peekNumber("desc_beat_o"),
      data: dut.peek("desc_data_o"),
    });
  });
  return { actor, beats, seen };
}

describe.each<Shape>([
  { BusBytes: 8, MaxBlocks: 3, Pk: 4, Pc: 4, DescBytes: 256 },
  { BusBytes: 8, MaxBlocks: 4, Pk: 8, Pc: 4, DescBytes: 512 },
  { BusBytes: 16, MaxBlocks: 255, Pk: 32, Pc: 16, DescBytes: 256 },
  { BusBytes: 16, MaxBlocks: 255, Pk: 16, Pc: 16, DescBytes: 512 },
])("program_loader for $Pk x $Pc, $BusBytes bytes, $MaxBlocks blocks of $DescBytes bytes", (shape) => {
  const start = (dut: Dut) => {
    dut.poke("base_i", base);
    pulse(dut, "start_i");
  };

  it.each([
    { blocks: 1, stall: 0, latency: 1 },
    { blocks: 3, stall: 50, latency: 7 },
    { blocks: shape.MaxBlocks, stall: 0, latency: 40 },
  ])("streams $blocks blocks, stalled $stall percent, latency $latency", ({ blocks, stall, latency }) =>
    withModule("program_loader", shape, (dut) => {
      const bytes = program(shape, blocks);
      const server = readServer(dut, { bytes, base, stall, latency });
      const { actor, beats, seen } = watch(dut, shape);
      start(dut);
      expect(dut.peekNumber("loaded_o")).toBe(0);
      const cycles = runCycles(dut, [server, actor], { until: () => seen.loaded >= 0 });
      const beatsABlock = shape.DescBytes / shape.BusBytes;
      expect(beats).toEqual(
        Array.from({ length: blocks * beatsABlock }, (_, i) => {
          const from = 256 + i * shape.BusBytes;
          const data = packFields([...bytes.subarray(from, from + shape.BusBytes)], 8);
          return { block: Math.floor(i / beatsABlock), beat: i % beatsABlock, data };
        }),
      );
      expect(seen.loaded - seen.lastBeat).toBe(2);
      expect([seen.bad, seen.failed]).toEqual([0, 0]);
      expect(dut.peekNumber("blocks_o")).toBe(blocks);
      expect(dut.peekNumber("blocks_loaded_o")).toBe(blocks);
      if (stall === 0) expect(cycles).toBeLessThanOrEqual(blocks * beatsABlock + 2 * latency + 8);
    }),
  );

  it.each([
    { what: "another magic", header: { 0: 0x314b_4247 } },
    { what: "no blocks", header: { 1: 0 } },
    { what: "a block too many", header: { 1: shape.MaxBlocks + 1 } },
    { what: "a block count over 16 bits", header: { 1: 0x1_0001 } },
    { what: "other lanes", header: { 2: shapeWord({ ...shape, Pk: shape.Pk * 2 }) } },
    { what: "another bus", header: { 2: shapeWord({ ...shape, BusBytes: 24 - shape.BusBytes }) } },
    {
      what: "other descriptors",
      header: { 2: shapeWord({ ...shape, DescBytes: 768 - shape.DescBytes }) },
    },
  ])("refuses a program with $what, then runs a good one", ({ header }) =>
    withModule("program_loader", shape, (dut) => {
      const bytes = program(shape, 2, header);
      const server = readServer(dut, { bytes, base, latency: 4 });
      const { actor, beats, seen } = watch(dut, shape);
      start(dut);
      for (let i = 0; i < 100; i += 1) cycle(dut, [server, actor]);
      expect(seen.bad).toBe(1);
      expect(server.bursts).toEqual([{ address: base, beats: 16 / shape.BusBytes }]);
      expect(beats).toEqual([]);
      expect(seen.loaded).toBe(-1);
      bytes.set(program(shape, 2));
      start(dut);
      runCycles(dut, [server, actor], { until: () => seen.loaded >= 0 });
      expect(beats.length).toBe((2 * shape.DescBytes) / shape.BusBytes);
      expect(seen.bad).toBe(1);
    }),
  );

  const headerBeats = 16 / shape.BusBytes;
  const descriptorBeats = shape.DescBytes / shape.BusBytes;
  it.each([
    ...Array.from({ length: headerBeats }, (_, beat) => beat),
    ...[0, 1, descriptorBeats - 1, descriptorBeats, 2 * descriptorBeats - 1].map(
      (beat) => headerBeats + beat,
    ),
  ])(
    "does not look at beat %i that came with an error, nor at those behind it, then runs a good program",
    (beat) =>
      withModule("program_loader", shape, (dut) => {
        const bytes = program(shape, 2);
        const server = readServer(dut, { bytes, base, latency: 4, errorBeats: [beat] });
        const { actor, beats, seen } = watch(dut, shape);
        start(dut);
        for (let i = 0; i < 300; i += 1) cycle(dut, [server, actor]);
        expect(seen).toMatchObject({ bad: 0, failed: 1, loaded: -1 });
        expect(beats.length).toBe(Math.max(0, beat - headerBeats));
        expect(server.open).toBe(0);
        start(dut);
        runCycles(dut, [server, actor], { until: () => seen.loaded >= 0 });
        expect(beats.length).toBe(Math.max(0, beat - headerBeats) + 2 * descriptorBeats);
        expect(seen).toMatchObject({ bad: 0, failed: 1 });
      }),
  );
});
