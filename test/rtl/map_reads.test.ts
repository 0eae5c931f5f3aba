import { describe, expect, it } from "vitest";
import { benchRandom, type Dut } from "../../sim/bench/index.ts";
import { packFields, packWords, resetInTheMiddle, withModule } from "./helper.ts";

type Shape = Readonly<Record<"BusBytes" | "Residual" | "ChipDepth", number>>;

interface Burst {
  readonly onChip: boolean;
  /** In bytes. */
  readonly address: number;
  readonly beats: number;
}

/** What memory and scratchpad hold in a beat. */
const beatAt = (onChip: boolean, beat: number): bigint => BigInt(beat * 2 + Number(onChip)) * 0x1_0001n;

function fill(dut: Dut, { BusBytes, ChipDepth }: Shape): void {
  for (let beat = 0; beat < ChipDepth; beat += 1) {
    dut.poke("chip_we_i", 1);
    dut.poke("chip_addr_i", beat);
    dut.poke("chip_data_i", BigInt.asUintN(8 * BusBytes, beatAt(true, beat)));
    dut.step();
  }
  dut.poke("chip_we_i", 0);
}

/** Bursts of one reader, some in a row on one side. */
function bursts(shape: Shape, seed: number): Burst[] {
  const random = benchRandom(seed, "bursts");
  const most = 256 / shape.BusBytes;
  let onChip = false;
  return Array.from({ length: 120 }, () => {
    if (random.chance(25)) onChip = !onChip;
    const beats = 1 + random.below(most);
    const beat = random.below(shape.ChipDepth - beats);
    return { onChip, address: beat * shape.BusBytes, beats };
  });
}

/** Both readers, and a memory that answers them in order; returns the cycles until every burst was answered. */
function run(
  dut: Dut,
  shape: Shape,
  { idle, latency, stall }: { idle: number; latency: number; stall: number },
): number {
  const random = benchRandom(idle + latency + stall, "memory");
  const readers = [0, 1].slice(0, shape.Residual + 1).map((client) => ({
    client,
    waiting: bursts(shape, client),
    expected: [] as bigint[],
    offered: false,
  }));
  const memory: { client: number; beat: number; due: number; last: boolean }[] = [];
  for (let now = 0; now < 40_000; now += 1) {
    const current = readers.map(({ waiting }) => waiting[0]);
    for (const reader of readers)
      reader.offered = reader.waiting.length > 0 && (reader.offered || !random.chance(idle));
    const bits = (of: (i: number) => boolean | undefined) =>
      readers.reduce((sum, _, i) => sum + (of(i) ? 2 ** i : 0), 0);
    dut.poke(
      "valid_i",
      bits((i) => readers[i]!.offered),
    );
    dut.poke(
      "on_chip_i",
      bits((i) => current[i]?.onChip),
    );
    dut.poke("addr_i", packWords([0, 1].map((i) => current[i]?.address ?? 0)));
    dut.poke(
      "beats_i",
      packFields(
        [0, 1].map((i) => current[i]?.beats ?? 0),
        9,
      ),
    );
    const answer =
      memory[0] !== undefined && memory[0].due <= now && !random.chance(stall) ? memory.shift() : undefined;
    dut.poke("memory_rsp_valid_i", answer === undefined ? 0 : 2 ** answer.client);
    dut.poke("memory_rsp_data_i", BigInt.asUintN(8 * shape.BusBytes, beatAt(false, answer?.beat ?? 7)));
    dut.poke("memory_rsp_last_i", answer?.last ? 1 : 0);
    dut.poke("memory_ready_i", 0);
    dut.eval();
    // one address a cycle, residuals first
    const asked = dut.peekNumber("memory_valid_o");
    const granted = asked >= 2 ? 2 : asked;
    const taken = memory.length < 200 && !random.chance(stall) ? granted : 0;
    dut.poke("memory_ready_i", taken);
    dut.eval();
    if (taken > 0) {
      const client = taken - 1;
      const first = Number((dut.peek("memory_addr_o") >> BigInt(32 * client)) % 2n ** 32n) / shape.BusBytes;
      const beats = Number((dut.peek("memory_beats_o") >> BigInt(9 * client)) % 512n);
      for (let i = 0; i < beats; i += 1)
        memory.push({ client, beat: first + i, due: now + latency, last: i === beats - 1 });
    }
    const ready = dut.peekNumber("ready_o");
    const valid = dut.peekNumber("rsp_valid_o");
    for (const reader of readers) {
      if ((valid >> reader.client) % 2 === 1) {
        const data =
          (dut.peek("rsp_data_o") >> BigInt(8 * shape.BusBytes * reader.client)) %
          2n ** BigInt(8 * shape.BusBytes);
        expect(data).toBe(BigInt.asUintN(8 * shape.BusBytes, reader.expected.shift() ?? -1n));
      }
      const burst = reader.waiting[0];
      if (!reader.offered || burst === undefined || (ready >> reader.client) % 2 === 0) continue;
      const first = burst.address / shape.BusBytes;
      for (let beat = first; beat < first + burst.beats; beat += 1)
        reader.expected.push(beatAt(burst.onChip, beat));
      reader.waiting.shift();
      reader.offered = false;
    }
    dut.step();
    if (readers.every(({ expected, waiting }) => waiting.length + expected.length === 0)) return now;
  }
  throw new Error(
    `never ends: ${readers.map(({ expected, waiting }) => `${waiting.length} + ${expected.length}`).join(", ")}`,
  );
}

describe.each<Shape>([
  { BusBytes: 16, Residual: 1, ChipDepth: 300 },
  { BusBytes: 8, Residual: 1, ChipDepth: 64 },
  { BusBytes: 8, Residual: 0, ChipDepth: 100 },
])("map_reads of $BusBytes bytes, $ChipDepth beats on the chip, residual $Residual", (shape) => {
  it.each([
    { idle: 0, latency: 1, stall: 0 },
    { idle: 60, latency: 1, stall: 0 },
    { idle: 0, latency: 40, stall: 0 },
    { idle: 20, latency: 7, stall: 60 },
  ])(
    "answers in order, readers idle $idle percent, memory of latency $latency stalled $stall percent",
    (timing) =>
      withModule("map_reads", shape, (dut) => {
        fill(dut, shape);
        resetInTheMiddle(dut, []);
        run(dut, shape, timing);
      }),
  );

  it("gives a beat a cycle from the scratchpad, three cycles behind the first burst", () =>
    withModule("map_reads", shape, (dut) => {
      fill(dut, shape);
      const beats = Math.min(16, shape.ChipDepth / 4);
      let answers = 0;
      let cycles = 0;
      for (let burst = 0; answers < 3 * beats; cycles += 1) {
        dut.poke("valid_i", burst < 3 ? 1 : 0);
        dut.poke("on_chip_i", 1);
        dut.poke("addr_i", BigInt(burst * beats * shape.BusBytes));
        dut.poke("beats_i", BigInt(beats));
        dut.eval();
        if (dut.peekNumber("rsp_valid_o") === 1) answers += 1;
        if (burst < 3 && dut.peekNumber("ready_o") === 1) burst += 1;
        dut.step();
      }
      expect(cycles).toBe(3 + 3 * beats);
    }));
});

describe("map_reads without a scratchpad", () => {
  it("passes everything to memory and back", () =>
    withModule("map_reads", { BusBytes: 16, Residual: 1, ChipDepth: 0 }, (dut) => {
      dut.poke("valid_i", 3);
      dut.poke("memory_ready_i", 2);
      dut.poke("memory_rsp_valid_i", 1);
      dut.poke("memory_rsp_data_i", 0x1234n);
      dut.poke("memory_rsp_last_i", 1);
      dut.eval();
      expect([
        dut.peekNumber("memory_valid_o"),
        dut.peekNumber("ready_o"),
        dut.peekNumber("rsp_valid_o"),
      ]).toEqual([3, 2, 1]);
      expect(dut.peek("rsp_data_o")).toBe(0x1234n + (0x1234n << 128n));
      expect(dut.peekNumber("rsp_last_o")).toBe(3);
    }));
});
