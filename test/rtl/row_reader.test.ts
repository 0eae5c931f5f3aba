import { describe, expect, it } from "vitest";
import { benchRandom, cycle, readServer, runCycles, type Actor, type Dut } from "../../sim/bench/index.ts";
import {
  descriptor,
  loadDescriptors,
  observer,
  packWords,
  pulse,
  randomBytes,
  resetInTheMiddle,
  withModule,
} from "./helper.ts";

type Shape = Readonly<Record<"BusBytes" | "LbBytes" | "Banks" | "AddrW" | "Residual", number>>;

interface Block {
  readonly region: number;
  readonly offset: number;
  readonly pitch: number;
  readonly rowBytes: number;
  readonly rows: number;
  /** Slots a bank. */
  readonly depth: number;
  /** Block that writes these rows. */
  readonly producer?: number;
  /** Rows that the sequencer does not need at the end. */
  readonly unused?: number;
}

// Small regions far apart from each other would need a large memory: the bases lie 64 KB apart.
const bases = [0x1_0000, 0x2_0000, 0x3_0000, 0x4_0000];
const memory = { bytes: randomBytes(0x4_0000, benchRandom(1)), base: 0x1_0000 };

const blocks: Block[] = [
  { region: 1, offset: 0x20, pitch: 0x60, rowBytes: 0x50, rows: 13, depth: 2 },
  { region: 3, offset: 0, pitch: 0x230, rowBytes: 0x230, rows: 9, depth: 1, producer: 0 },
  { region: 3, offset: 0x2000, pitch: 16, rowBytes: 16, rows: 40, depth: 4, producer: 1, unused: 20 },
  { region: 2, offset: 0x100, pitch: 0x200, rowBytes: 0x110, rows: 1, depth: 1, producer: 1 },
  // as a block without a residual: nothing to read
  { region: 0, offset: 0, pitch: 16, rowBytes: 16, rows: 0, depth: 1 },
];

function words(block: Block, shape: Shape): number[] {
  const rowWords = Math.ceil(block.rowBytes / shape.LbBytes);
  const fields = {
    region: block.region,
    offset: block.offset,
    rowPitch: block.pitch,
    beats: block.rowBytes / shape.BusBytes,
    rows: block.rows,
    rowWords,
    slots: block.depth * shape.Banks,
    producer: block.producer === undefined ? 0 : block.producer + 1,
    lastBank: (block.depth - 1) * rowWords,
  };
  if (shape.Residual === 0) return descriptor({ rowReader: fields });
  // a residual's words share theirs with flags, zero points and the ends of the sum; source rows lie elsewhere
  return descriptor({
    rowReader: {
      region: 3,
      offset: 0x40,
      rowPitch: 16,
      beats: 1,
      rows: 100,
      rowWords: 1,
      slots: 1,
      producer: 9,
    },
    results: {
      ...fields,
      ...{ residual: 1, pool: 1, pool3: 1, pixelChunks: 1, groups: 5 },
      ...{ resultZero: -1, residualZero: -111, sumZero: -118, low: -128, high: 127 },
    },
  });
}

/** The line buffer, the sequencer that uses it, the row writer that makes the rows; all check what they see. */
function surroundings(dut: Dut, shape: Shape, busy: number) {
  const random = benchRandom(busy + 1, "surroundings");
  const buffer = Array.from({ length: shape.Banks }, () => new Uint8Array(shape.LbBytes << shape.AddrW));
  const now = { block: 0, next: 0, freed: 0, writtenBlocks: 0, writtenRows: 0, checked: 0 };
  const rowIs = (row: number, block: Block): void => {
    const slot = row % (block.depth * shape.Banks);
    const from = Math.floor(slot / shape.Banks) * Math.ceil(block.rowBytes / shape.LbBytes) * shape.LbBytes;
    const source = bases[block.region]! + block.offset + row * block.pitch - memory.base;
    const got = buffer[slot % shape.Banks]!.subarray(from, from + block.rowBytes);
    if (Buffer.compare(got, memory.bytes.subarray(source, source + block.rowBytes)) !== 0)
      throw new Error(`row ${row} of block ${now.block} is wrong in the line buffer`);
    now.checked += 1;
  };
  const actor: Actor = {
    drive() {
      dut.poke("lb_released_i", now.block);
      dut.poke("rows_freed_i", now.freed);
      dut.poke("written_blocks_i", now.writtenBlocks);
      dut.poke("written_rows_i", now.writtenRows);
    },
    observe() {
      const block = blocks[now.block];
      const rowsDone = dut.peekNumber("rows_done_o");
      const current = dut.peekNumber("block_o");
      // what counts as complete can be read in this cycle
      if (block !== undefined && current === now.block) {
        const needed = block.rows - (block.unused ?? 0);
        if (now.next < needed && rowsDone > now.next && !random.chance(busy)) rowIs(now.next++, block);
        // all rows that are not freed are still there
        if (now.freed < now.next && !random.chance(busy)) rowIs(now.freed++, block);
        if (now.freed === needed) Object.assign(now, { block: now.block + 1, next: 0, freed: 0 });
      } else if (current < now.block) expect(rowsDone).toBeLessThanOrEqual(blocks[current]!.rows);
      if (dut.peekNumber("lb_we_o") === 1) {
        const word = dut.peek("lb_data_o");
        const strobe = dut.peekNumber("lb_strb_o");
        expect([1, 2, 4, 8]).toContain(strobe);
        const at = dut.peekNumber("lb_addr_o") * shape.LbBytes + Math.log2(strobe) * shape.BusBytes;
        const bank = buffer[dut.peekNumber("lb_bank_o")]!;
        for (let i = 0; i < shape.BusBytes; i += 1) bank[at + i] = Number((word >> BigInt(8 * i)) & 255n);
      }
      // the row writer makes the rows of block b only while block b is computed, more slowly than they are read
      if (now.writtenBlocks > now.block || random.chance(95)) return;
      const making = blocks.find((block) => block.producer === now.writtenBlocks);
      if (making !== undefined && now.writtenRows < making.rows - 1) now.writtenRows += 1;
      else if (now.writtenBlocks < now.block || now.next > 0) {
        now.writtenBlocks += 1;
        now.writtenRows = 0;
      }
    },
  };
  return { actor, now };
}

/** Which row of which block an address belongs to. */
function rowAt(address: number): { block: number; row: number } {
  for (const [block, it] of blocks.entries()) {
    const at = address - bases[it.region]! - it.offset;
    if (at >= 0 && at < it.rows * it.pitch && at % it.pitch < it.rowBytes)
      return { block, row: Math.floor(at / it.pitch) };
  }
  throw new Error(`request for 0x${address.toString(16)}, where no row is`);
}

describe.each<Shape>([
  { BusBytes: 8, LbBytes: 32, Banks: 3, AddrW: 10, Residual: 0 },
  { BusBytes: 16, LbBytes: 16, Banks: 1, AddrW: 7, Residual: 0 },
  { BusBytes: 16, LbBytes: 32, Banks: 4, AddrW: 6, Residual: 0 },
  { BusBytes: 8, LbBytes: 16, Banks: 1, AddrW: 9, Residual: 1 },
])("row_reader of $BusBytes bytes into $Banks banks of $LbBytes bytes, residual: $Residual", (shape) => {
  const program = blocks.map((block) => words(block, shape));
  const prepare = (dut: Dut) => {
    dut.poke("bases_i", packWords(bases));
    loadDescriptors(dut, program);
  };

  it.each([
    { busy: 0, stall: 0, latency: 1 },
    { busy: 50, stall: 0, latency: 40 },
    { busy: 0, stall: 70, latency: 5 },
    { busy: 90, stall: 20, latency: 1 },
  ])(
    "brings every row, sequencer busy for $busy and memory for $stall percent, latency $latency",
    ({ busy, stall, latency }) =>
      withModule("row_reader", shape, (dut) => {
        const server = readServer(dut, { ...memory, stall, latency });
        const { actor, now } = surroundings(dut, shape, busy);
        let seen = 0;
        const order = observer(() => {
          for (; seen < server.bursts.length; seen += 1) {
            const { block, row } = rowAt(server.bursts[seen]!.address);
            const it = blocks[block]!;
            expect(block).toBeLessThanOrEqual(now.block);
            if (block === now.block) expect(row).toBeLessThan(now.freed + it.depth * shape.Banks);
            if (it.producer === undefined || now.writtenBlocks > it.producer) continue;
            expect(now.writtenBlocks).toBe(it.producer);
            expect(row).toBeLessThan(now.writtenRows);
          }
        });
        prepare(dut);
        const scrap = readServer(dut, { ...memory, stall, latency });
        resetInTheMiddle(dut, [scrap, surroundings(dut, shape, busy).actor]);
        runCycles(dut, [server, actor, order], {
          until: () => now.block === blocks.length && dut.peekNumber("block_o") === blocks.length,
          describe: () => JSON.stringify(now),
        });
        // every needed row was looked at twice
        const needed = blocks.reduce((sum, block) => sum + block.rows - (block.unused ?? 0), 0);
        expect(now.checked).toBe(2 * needed);
        expect(server.open).toBe(0);
        const bytes = server.bursts.reduce((sum, burst) => sum + burst.beats * shape.BusBytes, 0);
        const all = blocks.reduce((sum, block) => sum + block.rows * block.rowBytes, 0);
        expect(bytes).toBeLessThanOrEqual(all);
        expect(bytes).toBeGreaterThanOrEqual(all - 20 * 16);
      }),
  );

  it("reads rows of the block that is being written, one after the other", () =>
    withModule("row_reader", shape, (dut) => {
      const block: Block = { ...blocks[1]!, rows: 4, depth: 4 };
      dut.poke("bases_i", packWords(bases));
      loadDescriptors(dut, [words(block, shape)]);
      const server = readServer(dut, { ...memory, latency: 5 });
      for (const written of [1, 3]) {
        dut.poke("written_rows_i", written);
        dut.poke("rows_freed_i", dut.peekNumber("rows_done_o"));
        for (let i = 0; i < 300; i += 1) cycle(dut, [server]);
        expect(dut.peekNumber("rows_done_o")).toBe(written);
      }
    }));

  it("keeps the bus busy and starts again after clear", () =>
    withModule("row_reader", shape, (dut) => {
      const block: Block = { region: 1, offset: 0, pitch: 0x100, rowBytes: 0x100, rows: 40, depth: 4 };
      dut.poke("bases_i", packWords(bases));
      loadDescriptors(dut, [words(block, shape)]);
      for (const image of [1, 2]) {
        pulse(dut, "clear_i");
        expect(dut.peekNumber("rows_done_o")).toBe(0);
        const server = readServer(dut, { ...memory, latency: 20, outstanding: 32 });
        const freed = observer(() => dut.poke("rows_freed_i", dut.peekNumber("rows_done_o")));
        dut.poke("rows_freed_i", 0);
        const cycles = runCycles(dut, [server, freed], {
          until: () => dut.peekNumber("rows_done_o") === 40,
        });
        const beats = (40 * 256) / shape.BusBytes;
        if (shape.Banks > 1) expect(cycles).toBeLessThan(beats + 20 + 10);
        expect([image, server.bursts.length]).toEqual([image, 40]);
      }
      dut.poke("lb_released_i", 1);
      cycle(dut, []);
      cycle(dut, []);
      expect([dut.peekNumber("block_o"), dut.peekNumber("rows_done_o")]).toEqual([1, 0]);
    }));
});
