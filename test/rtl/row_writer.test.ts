import { describe, expect, it } from "vitest";
import {
  axiWriteMemory,
  benchRandom,
  cycle,
  runCycles,
  streamSource,
  type Beat,
  type Dut,
} from "../../sim/bench/index.ts";
import {
  descriptor,
  loadDescriptors,
  observer,
  packFields,
  packWords,
  pulse,
  resetInTheMiddle,
  withModule,
} from "./helper.ts";

type Shape = Readonly<Record<"BusBytes" | "Pk", number>>;

interface Block {
  readonly region: number;
  readonly offset: number;
  readonly pitch: number;
  readonly rows: number;
  readonly stripRows: number;
  readonly chunks: number;
  readonly chunkStride: number;
  readonly tiles: number;
  readonly tileStride: number;
  /** Groups of a chunk; of the last tile's chunks. */
  readonly groups: number;
  readonly lastGroups: number;
  readonly onChip?: boolean;
}

const bases = [0x1_0000, 0x2_0000, 0x3_0000, 0x4_0000];
const first = 0x1_0000;
const untouched = 0xee;

/** Blocks for groups of `pk` bytes: rows in one piece, pixels of tiles, one group a chunk. */
function makeBlocks(pk: number): Block[] {
  // in tiles every pixel's pitch and tile are whole beats
  const tile = Math.max(2 * pk, 32);
  const narrow = Math.max(pk, 16);
  // for 4 lanes the row's last beat is partly filled
  const row = Math.floor(720 / pk) - (pk === 4 ? 1 : 0);
  return [
    {
      ...{ region: 3, offset: 0x130, pitch: 0x400, rows: 7, stripRows: 1, chunks: 1, chunkStride: 0 },
      ...{ tiles: 1, tileStride: 0, groups: row, lastGroups: row },
    },
    {
      ...{ region: 2, offset: 0, pitch: 0x800, rows: 8, stripRows: 3, chunks: 5, chunkStride: 3 * tile },
      ...{ tiles: 3, tileStride: tile, groups: tile / pk, lastGroups: narrow / pk },
    },
    {
      ...{
        region: 3,
        offset: 0x8010,
        pitch: 16 * narrow,
        rows: 3,
        stripRows: 1,
        chunks: 8,
        chunkStride: 2 * narrow,
      },
      ...{ tiles: 2, tileStride: narrow, groups: 1, lastGroups: 1 },
    },
    {
      ...{ region: 2, offset: 0x7000, pitch: 32, rows: 1, stripRows: 1, chunks: 1, chunkStride: 0 },
      ...{ tiles: 1, tileStride: 0, groups: 32 / pk, lastGroups: 32 / pk },
    },
  ];
}

const beatsOf = (groups: number, shape: Shape) => Math.ceil((groups * shape.Pk) / shape.BusBytes);

function words(block: Block, shape: Shape): number[] {
  const { chunkStride, chunks, offset, pitch, region, rows, stripRows, tileStride, tiles } = block;
  return descriptor({
    rowWriter: {
      ...{
        region,
        onChip: Number(block.onChip ?? false),
        offset,
        rowPitch: pitch,
        rows,
        stripRows,
        chunks,
        tiles,
        chunkStride,
        tileStride,
      },
      beats: beatsOf(block.groups, shape),
      lastBeats: beatsOf(block.lastGroups, shape),
    },
  });
}

/** Result groups in the order of the contract, and memory as it must be in the end. */
function expected(blocks: readonly Block[], shape: Shape) {
  const random = benchRandom(shape.Pk);
  const beats: Beat[] = [];
  /** Bus beats that the first n groups complete. */
  const beatsBy = [0];
  const memory = new Uint8Array(0x4_0000).fill(untouched);
  /** For each row of each block, in order: where its last byte lies and how many groups have come by then. */
  const rows: { block: number; row: number; groups: number }[] = [];
  blocks.forEach((block, b) => {
    for (let top = 0; top < block.rows; top += block.stripRows) {
      for (let tile = 0; tile < block.tiles; tile += 1) {
        const count = tile + 1 === block.tiles ? block.lastGroups : block.groups;
        for (let row = top; row < Math.min(top + block.stripRows, block.rows); row += 1) {
          for (let chunk = 0; chunk < block.chunks; chunk += 1) {
            const at =
              bases[block.region]! -
              first +
              block.offset +
              row * block.pitch +
              chunk * block.chunkStride +
              tile * block.tileStride;
            memory.fill(0, at, at + beatsOf(count, shape) * shape.BusBytes);
            for (let g = 0; g < count; g += 1) {
              const bytes = Array.from({ length: shape.Pk }, () => random.below(256));
              memory.set(bytes, at + g * shape.Pk);
              beats.push({ data: packFields(bytes, 8), last: Number(g + 1 === count) });
              const whole =
                g + 1 === count ? beatsOf(count, shape) : Math.floor(((g + 1) * shape.Pk) / shape.BusBytes);
              const before = Math.floor((g * shape.Pk) / shape.BusBytes);
              beatsBy.push(beatsBy.at(-1)! + whole - before);
            }
          }
          if (tile + 1 === block.tiles) rows.push({ block: b, row, groups: beats.length });
        }
      }
    }
  });
  return { beats, beatsBy, memory, rows };
}

function prepare(dut: Dut, blocks: readonly Block[], shape: Shape): void {
  dut.poke("bases_i", packWords(bases));
  loadDescriptors(
    dut,
    blocks.map((block) => words(block, shape)),
  );
}

describe.each<Shape>([
  { BusBytes: 16, Pk: 4 },
  { BusBytes: 8, Pk: 32 },
  { BusBytes: 8, Pk: 8 },
])("row_writer of $BusBytes bytes for groups of $Pk", (shape) => {
  const blocks = makeBlocks(shape.Pk);
  const want = expected(blocks, shape);

  it.each([
    { idle: 0, stall: 0, latency: 1 },
    { idle: 80, stall: 0, latency: 50 },
    { idle: 0, stall: 70, latency: 5 },
    { idle: 40, stall: 40, latency: 20 },
  ])("writes all blocks, idle $idle, stalled $stall percent, latency $latency", ({ idle, stall, latency }) =>
    withModule("row_writer", shape, (dut) => {
      prepare(dut, blocks, shape);
      const cut = streamSource(dut, { group: "in", fields: ["data", "last"], idle });
      cut.push(...want.beats);
      const scrap = axiWriteMemory(dut, {
        bytes: new Uint8Array(want.memory.length),
        base: first,
        stall,
        latency,
      });
      resetInTheMiddle(dut, [scrap, cut]);
      for (const image of [1, 2]) {
        pulse(dut, "clear_i");
        const bytes = new Uint8Array(want.memory.length).fill(untouched);
        const memory = axiWriteMemory(dut, { bytes, base: first, stall, latency, outstanding: 64 });
        const source = streamSource(dut, { group: "in", fields: ["data", "last"], idle, seed: image });
        source.push(...want.beats);
        let counted = 0;
        let taken = 0;
        const rows = observer(() => {
          taken += dut.peekNumber("group_taken_o");
          // an address has all of its data behind it: none waits for groups that are still to come
          const addressed = memory.bursts.reduce((sum, burst) => sum + burst.beats, 0);
          expect(addressed).toBeLessThanOrEqual(want.beatsBy[want.beats.length - source.pending]!);
          expect(memory.open).toBeLessThanOrEqual(16);
          const block = dut.peekNumber("blocks_done_o");
          const row = dut.peekNumber("rows_done_o");
          if (block < blocks.length) expect(row).toBeLessThan(blocks[block]!.rows);
          // a row that counts is in memory
          for (; counted < want.rows.length; counted += 1) {
            const next = want.rows[counted]!;
            if (block < next.block || (block === next.block && row <= next.row)) break;
            const it = blocks[next.block]!;
            const from = bases[it.region]! - first + it.offset + next.row * it.pitch;
            const size =
              (it.chunks - 1) * it.chunkStride + (it.tiles - 1) * it.tileStride + it.lastGroups * shape.Pk;
            expect(
              Buffer.compare(bytes.subarray(from, from + size), want.memory.subarray(from, from + size)),
            ).toBe(0);
          }
        });
        runCycles(dut, [memory, source, rows], {
          until: () => counted === want.rows.length,
          describe: () => `${counted} rows of ${want.rows.length}`,
        });
        expect(dut.peekNumber("blocks_done_o")).toBe(blocks.length);
        expect([image, source.pending, memory.open, taken]).toEqual([image, 0, 0, want.beats.length]);
        expect(Buffer.compare(bytes, want.memory)).toBe(0);
        for (const burst of memory.bursts) {
          expect((burst.address % 256) + burst.beats * shape.BusBytes).toBeLessThanOrEqual(256);
        }
      }
    }),
  );

  it("writes every second block to the scratchpad, in turns with memory, each once", () =>
    withModule("row_writer", { ...shape, ChipAddrW: 14 }, (dut) => {
      dut.poke("bases_i", packWords(bases));
      loadDescriptors(
        dut,
        blocks.map((block, i) => words({ ...block, onChip: i % 2 === 1 }, shape)),
      );
      for (const image of [1, 2]) {
        pulse(dut, "clear_i");
        const bytes = new Uint8Array(want.memory.length).fill(untouched);
        const chip = new Uint8Array(0x1_0000).fill(untouched);
        const memory = axiWriteMemory(dut, { bytes, base: first, latency: 9, stall: 30 });
        const source = streamSource(dut, { group: "in", fields: ["data", "last"], idle: 10, seed: image });
        source.push(...want.beats);
        let beats = 0;
        const scratchpad = observer(() => {
          if (dut.peekNumber("chip_we_o") === 0) return;
          beats += 1;
          const data = dut.peek("chip_data_o");
          const at = dut.peekNumber("chip_addr_o") * shape.BusBytes;
          for (let i = 0; i < shape.BusBytes; i += 1) chip[at + i] = Number((data >> BigInt(8 * i)) & 255n);
        });
        let rows = 0;
        const counts = observer(() => {
          const next = want.rows[rows];
          const [block, row] = [dut.peekNumber("blocks_done_o"), dut.peekNumber("rows_done_o")];
          if (next && (block > next.block || (block === next.block && row > next.row))) rows += 1;
        });
        runCycles(dut, [memory, source, scratchpad, counts], {
          until: () => dut.peekNumber("blocks_done_o") === blocks.length && memory.open === 0,
        });
        for (let i = 0; i < 4; i += 1) cycle(dut, [memory, source, scratchpad, counts]);
        expect([rows, dut.peekNumber("idle_o")]).toEqual([want.rows.length, 1]);
        // the rows of a block lie in one of them alone
        for (const [i, block] of blocks.entries()) {
          const base = bases[block.region]! - first;
          for (let row = 0; row < block.rows; row += 1) {
            const from = block.offset + row * block.pitch;
            const size =
              (block.chunks - 1) * block.chunkStride +
              (block.tiles - 1) * block.tileStride +
              block.lastGroups * shape.Pk;
            const wanted = want.memory.subarray(base + from, base + from + size);
            const there = bytes.subarray(base + from, base + from + size);
            if (i % 2 === 1) {
              expect(
                Buffer.compare(chip.subarray(from, from + size), wanted),
                `row ${row} of block ${i}`,
              ).toBe(0);
              expect(there.every((byte) => byte === untouched)).toBe(true);
            } else expect(Buffer.compare(there, wanted), `row ${row} of block ${i}`).toBe(0);
          }
        }
        expect(beats).toBe(
          blocks.reduce(
            (sum, block, i) =>
              i % 2 === 0
                ? sum
                : sum +
                  block.rows *
                    block.chunks *
                    ((block.tiles - 1) * beatsOf(block.groups, shape) + beatsOf(block.lastGroups, shape)),
            0,
          ),
        );
      }
    }));

  it("takes a group, or fills a beat, every cycle", () =>
    withModule("row_writer", shape, (dut) => {
      const block = blocks[0]!;
      prepare(dut, [block], shape);
      const one = expected([block], shape);
      const memory = axiWriteMemory(dut, { bytes: new Uint8Array(0x4_0000), base: first });
      const source = streamSource(dut, { group: "in", fields: ["data", "last"] });
      source.push(...one.beats);
      const cycles = runCycles(dut, [memory, source], { until: () => dut.peekNumber("blocks_done_o") === 1 });
      const transfers = Math.max(one.beats.length, block.rows * beatsOf(block.groups, shape));
      // the last burst leaves when it is complete: at most half of the queue's 64 groups
      const burst = Math.min(
        Math.max(32, (32 * shape.Pk) / shape.BusBytes),
        256 / Math.min(shape.BusBytes, shape.Pk),
      );
      expect(cycles).toBeLessThan(transfers + burst + 16);
    }));

  it("begins no burst while held, finishes those that have an address, and is idle then", () =>
    withModule("row_writer", shape, (dut) => {
      prepare(dut, blocks, shape);
      const bytes = new Uint8Array(want.memory.length).fill(untouched);
      const memory = axiWriteMemory(dut, { bytes, base: first, latency: 9, stall: 30 });
      const source = streamSource(dut, { group: "in", fields: ["data", "last"] });
      source.push(...want.beats);
      const actors = [memory, source];
      for (let i = 0; i < 150; i += 1) cycle(dut, actors);
      dut.poke("hold_i", 1);
      dut.eval();
      expect([dut.peekNumber("idle_o"), memory.open > 0]).toEqual([0, true]);
      runCycles(dut, actors, { until: () => dut.peekNumber("idle_o") === 1 });
      const begun = memory.bursts.length;
      for (let i = 0; i < 100; i += 1) cycle(dut, actors);
      expect([memory.open, memory.bursts.length]).toEqual([0, begun]);
      dut.poke("hold_i", 0);
      runCycles(dut, actors, { until: () => dut.peekNumber("blocks_done_o") === blocks.length });
      expect(Buffer.compare(bytes, want.memory)).toBe(0);
    }));

  it.each([
    { name: "EXOKAY", response: 1, seen: [] },
    { name: "SLVERR", response: 2, seen: [2] },
    { name: "DECERR", response: 3, seen: [2] },
  ])("pulses error for $name as it is due, and counts the row all the same", ({ response, seen }) =>
    withModule("row_writer", shape, (dut) => {
      const block = blocks[3]!;
      prepare(dut, [block, block], shape);
      const bytes = new Uint8Array(0x4_0000);
      const memory = axiWriteMemory(dut, { bytes, base: first, errorBursts: [1], response });
      const source = streamSource(dut, { group: "in", fields: ["data", "last"] });
      source.push(...expected([block, block], shape).beats);
      const errors: number[] = [];
      const places: number[][] = [];
      const counter = observer(() => {
        if (dut.peekNumber("error_o") === 0) return;
        errors.push(dut.peekNumber("blocks_done_o"));
        places.push(["error_block_o", "error_addr_o", "error_decode_o"].map((port) => dut.peekNumber(port)));
      });
      for (let i = 0; i < 200; i += 1) cycle(dut, [memory, source, counter]);
      expect(errors).toEqual(seen);
      // of the second block
      expect(places).toEqual(seen.map(() => [1, bases[2]! + block.offset, response & 1]));
      expect(dut.peekNumber("blocks_done_o")).toBe(2);
    }),
  );

  const faults: readonly {
    readonly what: string;
    readonly change: Partial<Block> & { readonly beats?: number };
  }[] = [
    { what: "an offset behind the region", change: { offset: 0x2000 } },
    { what: "an offset in front of it", change: { offset: 0xffff_ff00 } },
    { what: "a row that ends behind it", change: { offset: 0x1f80 } },
    { what: "a pitch that leaves it", change: { pitch: 0x1000 } },
    { what: "a pitch that goes back", change: { pitch: 0xffff_f000 } },
    { what: "rows of no end", change: { beats: 0xffff } },
    { what: "a burst of nothing", change: { beats: 0 } },
    { what: "the model region", change: { region: 0 } },
    { what: "the input region", change: { region: 1 } },
  ];
  it.each(faults)("writes nothing behind a chunk outside of its region: $what", ({ change }) =>
    withModule("row_writer", { ...shape, OutputBytes: 0x2000, WorkspaceBytes: 0x800 }, (dut) => {
      const groups = 128 / shape.Pk;
      const sound: Block = {
        ...{ region: 2, offset: 0x80, pitch: 0x100, rows: 5, stripRows: 5, chunks: 1, chunkStride: 0 },
        ...{ tiles: 1, tileStride: 0, groups, lastGroups: groups },
      };
      const { beats = 128 / shape.BusBytes, ...others } = change;
      const wrong = descriptor({
        rowWriter: {
          ...{ region: others.region ?? 2, offset: others.offset ?? 0x80, rowPitch: others.pitch ?? 0x100 },
          ...{ onChip: 0, rows: 5, stripRows: 5, chunks: 1, tiles: 1, chunkStride: 0, tileStride: 0 },
          ...{ beats, lastBeats: beats },
        },
      });
      dut.poke("bases_i", packWords(bases));
      loadDescriptors(dut, [words(sound, shape), wrong]);
      for (const image of [1, 2]) {
        pulse(dut, "clear_i");
        expect(dut.peekNumber("outside_o")).toBe(0);
        const memory = axiWriteMemory(dut, { bytes: new Uint8Array(0x4_0000), base: first, latency: 4 });
        const source = streamSource(dut, { group: "in", fields: ["data", "last"], seed: image });
        source.push(...expected([sound, sound, sound], shape).beats);
        for (let i = 0; i < 600; i += 1) cycle(dut, [memory, source]);
        expect([
          dut.peekNumber("outside_o"),
          dut.peekNumber("error_block_o"),
          dut.peekNumber("error_o"),
        ]).toEqual([1, 1, 0]);
        // those in front of it are written and answered: the image can end
        expect([dut.peekNumber("idle_o"), memory.open]).toEqual([1, 0]);
        for (const { address, beats: length } of memory.bursts) {
          expect(address).toBeGreaterThanOrEqual(bases[2]!);
          expect(address + length * shape.BusBytes).toBeLessThanOrEqual(bases[2]! + 0x2000);
        }
        if (change.offset === 0x1f80) expect(dut.peekNumber("error_addr_o")).toBe(bases[2]! + 0x2080);
        dut.reset();
      }
    }),
  );
});
