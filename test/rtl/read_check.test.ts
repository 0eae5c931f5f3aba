/** The checks of program and records in hardware, against those that are written. */
import { describe, expect, it } from "vitest";
import { benchRandom, type Dut } from "../../sim/bench/index.ts";
import { checkRecord } from "../../src/format/check.ts";
import { checkedHeader, PROGRAM_MAGIC } from "../../src/format/program.ts";
import { packFields, randomBytes, withModule } from "./helper.ts";

/** Cycles from a last beat to what is said of it. */
const LATENCY = 3;

type Kind = "program" | "record";

interface Checked {
  readonly kind: Kind;
  readonly bytes: Uint8Array;
  /** Byte at which the check begins, and behind it. */
  readonly check: readonly [number, number];
}

function record(pk: number, seed: number): Checked {
  const bytes = randomBytes(12 * pk + 4 * pk * pk, benchRandom(seed));
  const view = new DataView(bytes.buffer);
  for (let lane = 0; lane < 4; lane++) {
    const at = 4 * (2 * pk + lane);
    view.setUint32(at, (view.getUint32(at, true) & ~0x20e0) >>> 0, true);
  }
  checkRecord(bytes, pk);
  return { kind: "record", bytes, check: [8 * pk, 8 * pk + 16] };
}

/** What is read of a program: the header's four words and the descriptors. */
function program(seed: number): Checked {
  const descriptors = randomBytes(512, benchRandom(seed));
  const size = { lanes: 4, multipliers: 4, busBytes: 8, third: 0, identity: 0xfedc };
  const header = { magic: PROGRAM_MAGIC, blocks: 2, keptFrom: 0, keptTo: 1, ...size };
  const words = Uint32Array.from(checkedHeader(header, new Uint32Array(descriptors.buffer)));
  const bytes = new Uint8Array([...new Uint8Array(words.buffer), ...descriptors]);
  return { kind: "program", bytes, check: [12, 16] };
}

/** Whether the module finds each of them sound, one behind the other, with `idle` percent of cycles between beats. */
function judged(dut: Dut, BusBytes: number, all: readonly Checked[], idle: number): boolean[] {
  const random = benchRandom(idle);
  const found: boolean[] = [];
  // what ended with the cycle before, and those in front of it
  let ended: (Kind | undefined)[] = [];
  const step = () => {
    const unsound = {
      program: dut.peekNumber("program_unsound_o"),
      record: dut.peekNumber("record_unsound_o"),
    };
    const judged = ended[LATENCY - 1];
    if (judged !== undefined) found.push(unsound[judged] === 0);
    const other = judged === "program" ? "record" : "program";
    expect(unsound[other]).toBe(0);
    if (judged === undefined) expect(unsound.record).toBe(0);
    ended = [undefined, ...ended].slice(0, LATENCY);
    dut.step();
  };
  for (const { bytes, check, kind } of all) {
    const bit = kind === "program" ? 1 : 2;
    for (let at = 0; at < bytes.length; at += BusBytes) {
      while (random.chance(idle)) {
        for (const port of ["valid_i", "first_i", "here_i", "end_i"]) dut.poke(port, 0);
        dut.eval();
        step();
      }
      const isLast = at + BusBytes >= bytes.length;
      dut.poke("valid_i", bit);
      dut.poke("first_i", at === 0 ? bit : 0);
      dut.poke("here_i", at < check[1] && at + BusBytes > check[0] ? bit : 0);
      dut.poke("end_i", isLast ? bit : 0);
      dut.poke("data_i", packFields([...bytes.subarray(at, at + BusBytes)], 8));
      dut.eval();
      step();
      if (isLast) ended[0] = kind;
    }
  }
  dut.poke("valid_i", 0);
  dut.eval();
  for (let cycle = 0; cycle < LATENCY; cycle++) step();
  return found;
}

describe.each([8, 16])("read_check of %i bytes a beat", (BusBytes) => {
  it.each([0, 40])("finds programs and records sound, idle %i percent", (idle) =>
    withModule("read_check", { BusBytes }, (dut) => {
      const all = [program(1), record(4, 2), record(8, 3), record(4, 4), program(5)];
      expect(judged(dut, BusBytes, all, idle)).toEqual([true, true, true, true, true]);
    }),
  );

  it("finds every wrong bit, whatever came before", () =>
    withModule("read_check", { BusBytes }, (dut) => {
      for (const sound of [program(6), record(4, 7)]) {
        const bits = Array.from({ length: 8 * sound.bytes.length }, (_, bit) => bit).filter(
          // what is not read of the header's last word belongs to the loader
          (bit) => !(sound.kind === "program" && bit >= 8 * 14 && bit < 8 * 16),
        );
        for (const bit of bits.filter((_, i) => i % 3 === 0)) {
          const bytes = sound.bytes.slice();
          bytes[bit >> 3]! ^= 1 << (bit & 7);
          expect(judged(dut, BusBytes, [{ ...sound, bytes }, sound], 0), `${sound.kind} ${bit}`).toEqual([
            false,
            true,
          ]);
        }
      }
    }));
});
