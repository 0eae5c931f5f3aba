import { describe, expect, it } from "vitest";
import { benchRandom, runCycles, streamSink, streamSource } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

interface Command {
  readonly addr: number;
  readonly beats: number;
  readonly tag: number;
}

const shapes = [
  { BusBytes: 8, TagBits: 1, Window: 256 },
  { BusBytes: 16, TagBits: 3, Window: 256 },
  { BusBytes: 16, TagBits: 2, Window: 128 },
];

/** One beat after the other: a burst ends with the command or where the next beat starts a new window. */
function expectedBursts(command: Command, busBytes: number, window: number): Record<string, bigint>[] {
  const bursts: Record<string, bigint>[] = [];
  let first = command.addr;
  for (let beat = 0; beat < command.beats; beat += 1) {
    const end = command.addr + (beat + 1) * busBytes;
    const last = beat + 1 === command.beats;
    if (!last && end % window !== 0) continue;
    bursts.push({
      addr: BigInt(first >>> 0),
      beats: BigInt((end - first) / busBytes),
      last: last ? 1n : 0n,
      tag: BigInt(command.tag),
    });
    first = end;
  }
  return bursts;
}

function firstBurst({ addr, beats }: Command, { BusBytes, Window }: (typeof shapes)[number]) {
  const first = Math.min(beats, (Window - (addr % Window)) / BusBytes);
  return { first, last: Number(first === beats) };
}

describe.each(shapes)("burst_splitter for $BusBytes bytes in windows of $Window", (shape) => {
  const random = benchRandom(5);
  const commands: Command[] = [
    // one beat at each end of a window, one window exactly, across a carry into the top bits, the most beats
    { addr: 0x1000, beats: 1, tag: 1 },
    { addr: 0x1100 - shape.BusBytes, beats: 1, tag: 0 },
    { addr: 0x2000, beats: shape.Window / shape.BusBytes, tag: 1 },
    { addr: 0x00ff_fff0, beats: 3, tag: 0 },
    { addr: 0x8000_0010, beats: 65_535, tag: 1 },
    ...Array.from({ length: 300 }, () => ({
      addr: random.below(1 << 28) * 16,
      beats: 1 + random.below(100),
      tag: random.below(1 << shape.TagBits),
    })),
  ];
  const expected = commands.flatMap((command) => expectedBursts(command, shape.BusBytes, shape.Window));

  it.each([
    { idle: 0, stall: 0 },
    { idle: 70, stall: 0 },
    { idle: 0, stall: 70 },
    { idle: 40, stall: 40 },
  ])("cuts at the borders, idle $idle, stalled $stall percent", ({ idle, stall }) =>
    withModule("burst_splitter", shape, (dut) => {
      const source = streamSource(dut, {
        group: "cmd",
        fields: ["addr", "beats", "first", "last", "tag"],
        idle,
      });
      const sink = streamSink(dut, { group: "burst", fields: ["addr", "beats", "last", "tag"], stall });
      source.push(...commands.map((command) => ({ ...command, ...firstBurst(command, shape) })));
      const cycles = runCycles(dut, [source, sink], { until: () => sink.beats.length === expected.length });
      expect(sink.beats).toEqual(expected);
      if (idle === 0 && stall === 0) expect(cycles).toBe(expected.length + 1);
      expect(dut.peekNumber("burst_valid_o")).toBe(0);
    }),
  );
});

it.each(shapes)("first_burst for $BusBytes bytes in windows of $Window: as far as the window goes", (shape) =>
  withModule("first_burst", { BusBytes: shape.BusBytes, Window: shape.Window }, (dut) => {
    for (let addr = 0; addr < 256; addr += shape.BusBytes)
      for (const beats of [1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 300, 65_535]) {
        const { first, last } = firstBurst({ addr, beats, tag: 0 }, shape);
        dut.poke("addr_i", addr);
        dut.poke("beats_i", beats);
        dut.eval();
        expect([dut.peekNumber("first_o"), dut.peekNumber("last_o")]).toEqual([first, last]);
      }
  }),
);
