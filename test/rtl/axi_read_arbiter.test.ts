import { describe, expect, it } from "vitest";
import {
  axiReadMemory,
  benchRandom,
  cycle,
  runCycles,
  type Actor,
  type Burst,
  type Dut,
} from "../../sim/bench/index.ts";
import { observer, packFields, randomBytes, withModule } from "./helper.ts";

const bytes = randomBytes(8192, benchRandom(2));
const base = 0x4000_0000;

/** Bursts inside 256 aligned bytes. */
function requests(count: number, busBytes: number, seed: number): Burst[] {
  const random = benchRandom(seed, "requests");
  return Array.from({ length: count }, () => {
    const beats = 1 + random.below(256 / busBytes);
    const place = random.below(256 / busBytes - beats + 1);
    return { address: base + random.below(32) * 256 + place * busBytes, beats };
  });
}

/** The block that a client's request is for. */
const blockOf = (client: number, request: number): number => (37 * request + 101 * client) & 255;

/** All clients: each offers its requests in order and stays idle in `idle` percent of the cycles in between. */
function clients(dut: Dut, lists: readonly (readonly Burst[])[], idle: number) {
  const random = benchRandom(4, "clients");
  const at = lists.map(() => 0);
  const offered = lists.map(() => false);
  const order: number[] = [];
  const answers = lists.map((): bigint[] => []);
  const lasts = lists.map((): number[] => []);
  const actor: Actor = {
    drive() {
      const now = lists.map((list, c) => {
        offered[c] ||= at[c]! < list.length && !random.chance(idle);
        return offered[c] ? list[at[c]!]! : { address: Number(random.bits(32)), beats: random.below(512) };
      });
      dut.poke("req_valid_i", packFields(offered.map(Number), 1));
      dut.poke(
        "req_addr_i",
        packFields(
          now.map((burst) => burst.address),
          32,
        ),
      );
      dut.poke(
        "req_block_i",
        packFields(
          lists.map((_, c) => blockOf(c, at[c]!)),
          8,
        ),
      );
      dut.poke(
        "req_beats_i",
        packFields(
          now.map((burst) => burst.beats),
          9,
        ),
      );
    },
    observe() {
      const ready = dut.peekNumber("req_ready_o");
      for (const c of lists.keys()) {
        if (!offered[c] || ((ready >> c) & 1) === 0) continue;
        // priority: no client before this one asks
        expect(offered.slice(0, c).some(Boolean)).toBe(false);
        order.push(c);
        at[c]! += 1;
        offered[c] = false;
      }
      const valid = dut.peekNumber("rsp_valid_o");
      expect(valid & (valid - 1)).toBe(0);
      for (const c of lists.keys()) {
        if (((valid >> c) & 1) === 0) continue;
        answers[c]!.push(dut.peek("rsp_data_o"));
        lasts[c]!.push(dut.peekNumber("rsp_last_o"));
      }
    },
  };
  return { actor, order, answers, lasts };
}

function expected(list: readonly Burst[], busBytes: number): bigint[] {
  return list.flatMap((burst) =>
    Array.from({ length: burst.beats }, (_, beat) => {
      const from = burst.address - base + beat * busBytes;
      return packFields([...bytes.subarray(from, from + busBytes)], 8);
    }),
  );
}

describe.each([
  { BusBytes: 8, Clients: 1, Outstanding: 2 },
  { BusBytes: 16, Clients: 3, Outstanding: 16 },
])("axi_read_arbiter of $Clients clients, $BusBytes bytes", (shape) => {
  it.each([
    { idle: 0, stall: 0, latency: 1 },
    { idle: 90, stall: 0, latency: 30 },
    { idle: 0, stall: 60, latency: 5 },
    { idle: 80, stall: 40, latency: 20 },
  ])("answers every client in order, idle $idle, stalled $stall percent, latency $latency", (load) =>
    withModule("axi_read_arbiter", shape, (dut) => {
      const lists = Array.from({ length: shape.Clients }, (_, c) => requests(60, shape.BusBytes, 10 + c));
      const memory = axiReadMemory(dut, { bytes, base, ...load, outstanding: 64 });
      const ports = clients(dut, lists, load.idle);
      const want = lists.map((list) => expected(list, shape.BusBytes));
      const total = want.flat().length;
      const limit = observer(() => expect(memory.open).toBeLessThanOrEqual(shape.Outstanding));
      const cycles = runCycles(dut, [memory, ports.actor, limit], {
        until: () => ports.answers.flat().length === total,
      });
      expect(ports.answers).toEqual(want);
      expect(ports.lasts).toEqual(
        lists.map((list) =>
          list.flatMap((burst) => Array.from({ length: burst.beats }, (_, i) => +(i + 1 === burst.beats))),
        ),
      );
      const next = lists.map(() => 0);
      expect(memory.bursts).toEqual(ports.order.map((c) => lists[c]![next[c]!++]));
      // 16 short bursts cover a latency of 1; the bus never idles
      if (load.idle === 0 && load.stall === 0 && shape.Outstanding > 2)
        expect(cycles).toBeLessThan(total + 8);
    }),
  );

  it.each([
    { name: "EXOKAY", response: 1, isError: false },
    { name: "SLVERR", response: 2, isError: true },
    { name: "DECERR", response: 3, isError: true },
  ])("tells of $name with each beat that has it, and delivers the others", ({ response, isError }) =>
    withModule("axi_read_arbiter", shape, (dut) => {
      const list = requests(4, shape.BusBytes, 3);
      const memory = axiReadMemory(dut, { bytes, base, latency: 3, errorBursts: [1], response });
      const ports = clients(dut, [list, ...Array.from({ length: shape.Clients - 1 }, () => [])], 0);
      let beat = 0;
      const errors: number[] = [];
      const counter = observer(() => {
        if (dut.peekNumber("error_o") === 1) {
          errors.push(beat);
          const answered = ["client", "block", "addr", "decode"].map((of) =>
            dut.peekNumber(`answered_${of}_o`),
          );
          expect(answered).toEqual([1, blockOf(0, 1), list[1]!.address, response & 1]);
        }
        if (dut.peekNumber("rsp_valid_o") !== 0) beat += 1;
      });
      const want = expected(list, shape.BusBytes);
      runCycles(dut, [memory, ports.actor, counter], {
        until: () => ports.answers[0]!.length === want.length,
      });
      for (let i = 0; i < 3; i += 1) cycle(dut, [memory, ports.actor, counter]);
      const before = list[0]!.beats;
      const bad = list[1]!.beats;
      expect(errors).toEqual(isError ? Array.from({ length: bad }, (_, i) => before + i) : []);
      expect(ports.answers[0]!.slice(before + bad)).toEqual(want.slice(before + bad));
    }),
  );

  it("asks for nothing while held, is idle when all is answered, and goes on", () =>
    withModule("axi_read_arbiter", shape, (dut) => {
      const lists = Array.from({ length: shape.Clients }, (_, c) => requests(20, shape.BusBytes, 30 + c));
      const memory = axiReadMemory(dut, { bytes, base, latency: 12, stall: 30 });
      const ports = clients(dut, lists, 0);
      const idle = observer(() => {
        if (memory.open > 0) expect(dut.peekNumber("idle_o")).toBe(0);
      });
      const actors = [memory, ports.actor, idle];
      for (let i = 0; i < 40; i += 1) cycle(dut, actors);
      dut.poke("hold_i", 1);
      dut.eval();
      const asked = ports.order.length;
      runCycles(dut, actors, { until: () => dut.peekNumber("idle_o") === 1 });
      expect([memory.open, memory.bursts.length]).toEqual([0, asked]);
      for (let i = 0; i < 20; i += 1) cycle(dut, actors);
      expect(ports.order.length).toBe(asked);
      dut.poke("hold_i", 0);
      const want = lists.map((list) => expected(list, shape.BusBytes));
      runCycles(dut, actors, { until: () => ports.answers.flat().length === want.flat().length });
      expect(ports.answers).toEqual(want);
    }));
});
