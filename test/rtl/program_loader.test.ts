import { describe, expect, it } from "vitest";
import { benchRandom, cycle, readServer, runCycles, type Dut } from "../../sim/bench/index.ts";
import { encode, type Values } from "../../src/format/fields.ts";
import { HEADER_BYTES, headerWords, PROGRAM_MAGIC } from "../../src/format/program.ts";
import { observer, packFields, pulse, randomBytes, withModule } from "./helper.ts";

const base = 0x1000_3000;

type Shape = Readonly<Record<"BusBytes" | "MaxBlocks" | "Pk" | "Pc" | "DescBytes" | "Identity", number>>;

type Header = Values<typeof headerWords>;

/** A model region: header, filler, descriptors of random bytes. `bits`: of the header's words, turned round. */
function program(
  shape: Shape,
  blocks: number,
  change: Partial<Header> = {},
  bits: readonly number[] = [],
): Uint8Array {
  const { BusBytes, DescBytes, MaxBlocks, Pc, Pk } = shape;
  const bytes = randomBytes(HEADER_BYTES + DescBytes * (MaxBlocks + 1), benchRandom(blocks));
  const view = new DataView(bytes.buffer);
  const header = encode(headerWords, {
    magic: PROGRAM_MAGIC,
    blocks,
    keptFrom: 0,
    keptTo: 0,
    lanes: Pk,
    multipliers: Pc,
    busBytes: BusBytes,
    third: Number(DescBytes === 512),
    check: 0,
    identity: shape.Identity,
    ...change,
  });
  header.forEach((word, i) => {
    view.setUint32(4 * i, (word ^ (bits[i] ?? 0)) >>> 0, true);
  });
  return bytes;
}

interface Refused {
  readonly header: Partial<Header>;
  readonly bits?: readonly number[];
}

/** The descriptor stream as seen, and when each beat came. */
function watch(dut: Dut, shape: Shape) {
  const beats: { block: number; beat: number; data: bigint }[] = [];
  const seen = { bad: 0, lastBeat: -1, loaded: -1, now: 0 };
  const actor = observer(() => {
    seen.now += 1;
    seen.bad += dut.peekNumber("bad_program_o");
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
  { BusBytes: 8, MaxBlocks: 3, Pk: 4, Pc: 4, DescBytes: 256, Identity: 0x1234 },
  { BusBytes: 8, MaxBlocks: 4, Pk: 8, Pc: 4, DescBytes: 512, Identity: 0 },
  { BusBytes: 16, MaxBlocks: 255, Pk: 32, Pc: 16, DescBytes: 256, Identity: 0xffff },
  { BusBytes: 16, MaxBlocks: 255, Pk: 16, Pc: 16, DescBytes: 512, Identity: 0x8000 },
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
          const from = HEADER_BYTES + i * shape.BusBytes;
          const data = packFields([...bytes.subarray(from, from + shape.BusBytes)], 8);
          return { block: Math.floor(i / beatsABlock), beat: i % beatsABlock, data };
        }),
      );
      expect(seen.loaded - seen.lastBeat).toBe(4);
      expect(seen.bad).toBe(0);
      expect(dut.peekNumber("blocks_o")).toBe(blocks);
      expect(dut.peekNumber("blocks_loaded_o")).toBe(blocks);
      if (stall === 0) expect(cycles).toBeLessThanOrEqual(blocks * beatsABlock + 2 * latency + 10);
    }),
  );

  it("keeps a program: it is there two cycles after the start, and nothing is read", () =>
    withModule("program_loader", shape, (dut) => {
      const bytes = program(shape, 2, { keptFrom: 1, keptTo: 2 });
      const server = readServer(dut, { bytes, base, latency: 4 });
      const { actor, seen } = watch(dut, shape);
      start(dut);
      runCycles(dut, [server, actor], { until: () => seen.loaded >= 0 });
      const read = server.bursts.length;
      dut.poke("keep_i", 1);
      start(dut);
      dut.poke("keep_i", 0);
      expect(dut.peekNumber("loaded_o")).toBe(0);
      dut.step();
      dut.eval();
      expect([
        dut.peekNumber("loaded_o"),
        dut.peekNumber("blocks_o"),
        dut.peekNumber("kept_from_o"),
        dut.peekNumber("kept_to_o"),
      ]).toEqual([1, 2, 1, 2]);
      for (let i = 0; i < 50; i += 1) cycle(dut, [server, actor]);
      expect([server.bursts.length, seen.bad]).toEqual([read, 0]);
      start(dut);
      expect([
        dut.peekNumber("loaded_o"),
        dut.peekNumber("blocks_o"),
        dut.peekNumber("kept_from_o"),
        dut.peekNumber("kept_to_o"),
      ]).toEqual([0, 0, 0, 0]);
    }));

  it.each([
    { what: "another magic", header: { magic: PROGRAM_MAGIC + 1 } },
    { what: "no blocks", header: { blocks: 0 } },
    // 255 and one more do not fit the field: the bit above it
    shape.MaxBlocks === 255
      ? { what: "a block too many", header: { blocks: 0 }, bits: [0, 256] }
      : { what: "a block too many", header: { blocks: shape.MaxBlocks + 1 } },
    { what: "a bit beside the block counts", header: {}, bits: [0, 0x100_0000] },
    { what: "a bit that means nothing", header: {}, bits: [0, 0, 0x200_0000] },
    { what: "other lanes", header: { lanes: shape.Pk * 2 } },
    { what: "other multipliers", header: { multipliers: shape.Pc * 2 } },
    { what: "another bus", header: { busBytes: 24 - shape.BusBytes } },
    {
      what: "hardware of the same sizes that is another in one bit",
      header: { identity: shape.Identity ^ 0x8000 },
    },
    { what: "other descriptors", header: { third: Number(shape.DescBytes !== 512) } },
  ])("refuses a program with $what, then runs a good one", ({ bits, header }: Refused) =>
    withModule("program_loader", shape, (dut) => {
      const bytes = program(shape, 2, header, bits);
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
        expect(seen).toMatchObject({ bad: 0, loaded: -1 });
        expect(beats.length).toBe(Math.max(0, beat - headerBeats));
        expect(server.open).toBe(0);
        start(dut);
        runCycles(dut, [server, actor], { until: () => seen.loaded >= 0 });
        expect(beats.length).toBe(Math.max(0, beat - headerBeats) + 2 * descriptorBeats);
        expect(seen.bad).toBe(0);
      }),
  );
});
