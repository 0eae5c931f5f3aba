import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { benchRandom, type Dut } from "../../sim/bench/index.ts";
import { regions } from "../../src/format/regions.ts";
import {
  counterNames,
  maskOf,
  placedErrorMask,
  registers,
  type RegisterName,
} from "../../src/format/registers.ts";
import { axilRead, axilWrite, type AxilTiming } from "./axil.ts";
import { openModule, packWords, pulse } from "./helper.ts";

const addressOf = (name: RegisterName): number => registers[name].address;
const control = addressOf("control");
const bases = regions.map(addressOf);
const counters = counterNames.map(addressOf);
const errors = addressOf("error");
const start = maskOf("control", "start");
const done = maskOf("control", "done");
const idle = maskOf("control", "idle");
const ready = maskOf("control", "ready");
const autoRestart = maskOf("control", "autoRestart");

const duts: Dut[] = [];
let dut: Dut;
beforeEach(async () => {
  dut = await openModule("axil_control");
  duts.push(dut);
});
afterAll(() => duts.forEach((one) => one.close()));

const timings: AxilTiming[] = [
  {},
  { address: 5 },
  { data: 5 },
  { address: 3, data: 3, answer: 9 },
  { answer: 7 },
  { address: 1, data: 4, answer: 4 },
];

describe("axil_control registers", () => {
  it.each(timings)("hold the bases with address, data, answer late by %o", (timing) => {
    const values = bases.map((address, i) => {
      const value = 0x1234_5000 + i * 0x0f0f_0000;
      axilWrite(dut, address, value, 15, timing);
      return value;
    });
    expect(dut.peek("bases_o")).toBe(packWords(values));
    expect(bases.map((address) => axilRead(dut, address, timing))).toEqual(values);
    // upper halves of 64-bit arguments
    expect(bases.map((address) => axilRead(dut, address + 4))).toEqual([0, 0, 0, 0]);
  });

  it("has a watchdog that is on after reset", () => {
    const { address } = registers.watchdog;
    expect(axilRead(dut, address)).toBe(2 ** 20);
    expect(dut.peekNumber("watchdog_o")).toBe(2 ** 20);
    axilWrite(dut, address, 5000);
    expect(dut.peekNumber("watchdog_o")).toBe(5000);
    // a write elsewhere leaves it
    axilWrite(dut, bases[0]!, 0x1_0000);
    expect(axilRead(dut, address)).toBe(5000);
    axilWrite(dut, address, 0);
    expect(axilRead(dut, address)).toBe(0);
  });

  it("change only in the bytes of the strobe, and not at all at other addresses", () => {
    const random = benchRandom(8);
    const want = [0, 0, 0, 0];
    for (let i = 0; i < 80; i += 1) {
      const base = i % 4;
      const value = Number(random.bits(32));
      const strobe = random.below(16);
      for (let byte = 0; byte < 4; byte += 1) {
        const mask = (0xff << (8 * byte)) >>> 0;
        if (((strobe >> byte) & 1) === 1) want[base] = ((want[base]! & ~mask) | (value & mask)) >>> 0;
      }
      axilWrite(dut, bases[base]!, value, strobe, timings[i % timings.length]);
      axilWrite(dut, bases[base]! + 4, ~value);
      expect(dut.peek("bases_o")).toBe(packWords(want));
    }
    expect(bases.map((address) => axilRead(dut, address))).toEqual(want);
  });

  it("answer accesses of both channels in the same cycles, one after the other without a gap", () => {
    for (const name of ["awvalid", "wvalid", "bready", "arvalid", "rready"]) dut.poke(`s_axil_${name}`, 1);
    dut.poke("s_axil_awaddr", bases[0]!);
    dut.poke("s_axil_araddr", bases[0]!);
    dut.poke("s_axil_wstrb", 15);
    const seen = { writes: 0, reads: 0 };
    for (let i = 0; i < 30; i += 1) {
      dut.poke("s_axil_wdata", i);
      dut.eval();
      seen.writes += dut.peekNumber("s_axil_bvalid");
      seen.reads += dut.peekNumber("s_axil_rvalid");
      dut.step();
    }
    expect(seen).toEqual({ writes: 15 - 1, reads: 15 });
  });
});

describe("axil_control runs an image", () => {
  const run = (cycles: number, reason = 0) => {
    dut.poke("state_reason_i", reason);
    dut.step(cycles);
  };

  it("starts once, is busy until done, clears done and ready on read", () => {
    expect(axilRead(dut, control)).toBe(idle);
    axilWrite(dut, control, start);
    dut.step(5);
    expect(axilRead(dut, control)).toBe(start);
    expect(dut.peekNumber("busy_o")).toBe(1);
    // a write without byte 0 or without the bit neither starts nor stops
    axilWrite(dut, control, start, 14);
    axilWrite(dut, control, 0);
    expect(axilRead(dut, control)).toBe(start);
    pulse(dut, "done_i");
    expect(dut.peekNumber("busy_o")).toBe(0);
    dut.step(3);
    expect(dut.peekNumber("start_o")).toBe(0);
    expect(axilRead(dut, control)).toBe(done | idle | ready);
    expect(axilRead(dut, control)).toBe(idle);
  });

  it("gives exactly one start pulse for a start, also when it is written again while busy", () => {
    let starts = 0;
    dut.poke("s_axil_awaddr", control);
    dut.poke("s_axil_wdata", start);
    dut.poke("s_axil_wstrb", 1);
    dut.poke("s_axil_bready", 1);
    for (let i = 0; i < 20; i += 1) {
      dut.poke("s_axil_awvalid", i < 9);
      dut.poke("s_axil_wvalid", i < 9);
      dut.eval();
      starts += dut.peekNumber("start_o");
      dut.step();
    }
    expect(starts).toBe(1);
  });

  it("starts again by itself with auto restart, until it is taken away", () => {
    axilWrite(dut, control, start | autoRestart);
    let starts = 0;
    for (let i = 0; i < 100; i += 1) {
      dut.poke("done_i", i % 20 === 19);
      dut.eval();
      starts += dut.peekNumber("start_o");
      dut.step();
    }
    dut.poke("done_i", 0);
    // the first start was over before; the fifth done restarts after the last look
    expect(starts).toBe(4);
    expect(dut.peekNumber("busy_o")).toBe(0);
    dut.step();
    expect(dut.peekNumber("busy_o")).toBe(1);
    expect(axilRead(dut, control) & (start | autoRestart)).toBe(start | autoRestart);
    axilWrite(dut, control, 0);
    pulse(dut, "done_i");
    dut.step(3);
    expect(axilRead(dut, control)).toBe(done | idle | ready);
  });

  it("raises the interrupt when both enables are set, and toggles its status", () => {
    const image = () => {
      axilWrite(dut, control, start);
      pulse(dut, "done_i");
    };
    image();
    expect(axilRead(dut, addressOf("status"))).toBe(0);
    axilWrite(dut, addressOf("enable"), 1);
    image();
    expect(axilRead(dut, addressOf("status"))).toBe(1);
    expect(dut.peekNumber("interrupt_o")).toBe(0);
    axilWrite(dut, addressOf("globalEnable"), 1);
    expect([axilRead(dut, addressOf("globalEnable")), axilRead(dut, addressOf("enable"))]).toEqual([1, 1]);
    expect(dut.peekNumber("interrupt_o")).toBe(1);
    axilWrite(dut, addressOf("status"), 0);
    expect(dut.peekNumber("interrupt_o")).toBe(1);
    axilWrite(dut, addressOf("status"), 1);
    expect(dut.peekNumber("interrupt_o")).toBe(0);
    axilWrite(dut, addressOf("status"), 1);
    expect(dut.peekNumber("interrupt_o")).toBe(1);
  });

  it("counts each busy cycle once by its reason, and keeps the counts until the next start", () => {
    axilWrite(dut, control, start);
    while (dut.peekNumber("busy_o") === 0) dut.step();
    const from = dut.cycles;
    const lengths = [100, 20, 30, 4, 5, 60, 7, 1];
    const already = axilRead(dut, addressOf("cycles"));
    expect(already).toBe(0);
    const before = dut.cycles - from;
    lengths.forEach((cycles, reason) => run(cycles, reason));
    dut.poke("state_reason_i", 1);
    pulse(dut, "done_i");
    run(50, 2);
    const total = 100 + 20 + 30 + 9 + 68 + before + 1;
    const want = [total, 100 + before, 21, 30, 9, 68];
    expect(counters.map((address) => axilRead(dut, address))).toEqual(want);
    axilWrite(dut, control, start);
    run(2);
    expect(axilRead(dut, addressOf("steps"))).toBeLessThan(10);
    expect(axilRead(dut, addressOf("rowsWait"))).toBe(0);
  });

  it("keeps errors until they are cleared one by one, over a start too", () => {
    const causes = ["read", "write", "program", "base", "weights", "watchdog", "outside"];
    const masks = causes.map((cause) => maskOf("error", cause));
    const all = masks.reduce((sum, bit) => sum | bit, 0);
    causes.forEach((cause, i) => {
      dut.poke(`error_${cause}_i`, 1);
      dut.step();
      dut.poke(`error_${cause}_i`, 0);
      expect(axilRead(dut, errors)).toBe(masks.slice(0, i + 1).reduce((sum, bit) => sum | bit, 0));
    });
    // alone, an error holds the registers of its place, or has none
    causes.forEach((cause, i) => {
      axilWrite(dut, errors, all);
      expect(dut.peekNumber("place_held_o")).toBe(0);
      dut.poke(`error_${cause}_i`, 1);
      dut.step();
      dut.poke(`error_${cause}_i`, 0);
      dut.eval();
      expect(dut.peekNumber("place_held_o"), cause).toBe((masks[i]! & placedErrorMask) === 0 ? 0 : 1);
    });
    axilWrite(dut, errors, all);
    causes.forEach((cause) => dut.poke(`error_${cause}_i`, 1));
    dut.step();
    causes.forEach((cause) => dut.poke(`error_${cause}_i`, 0));
    axilWrite(dut, control, start);
    axilWrite(dut, errors, masks[1]!);
    expect(axilRead(dut, errors)).toBe(all & ~masks[1]!);
    axilWrite(dut, errors, 5, 14);
    expect(axilRead(dut, errors)).toBe(all & ~masks[1]!);
    axilWrite(dut, errors, all);
    expect(axilRead(dut, errors)).toBe(0);
  });

  it("stops an image that runs, and only that: error bit, no restart", () => {
    let stops = 0;
    const stop = (value: number, strobe = 15): void => {
      dut.poke("s_axil_awaddr", addressOf("stop"));
      dut.poke("s_axil_wdata", value);
      dut.poke("s_axil_wstrb", strobe);
      dut.poke("s_axil_bready", 1);
      for (let i = 0; i < 6; i += 1) {
        dut.poke("s_axil_awvalid", i === 0);
        dut.poke("s_axil_wvalid", i === 0);
        dut.eval();
        stops += dut.peekNumber("stop_o");
        dut.step();
      }
    };
    stop(1);
    expect([stops, axilRead(dut, errors)]).toEqual([0, 0]);
    axilWrite(dut, control, start | autoRestart);
    stop(0);
    stop(1, 14);
    expect([stops, axilRead(dut, errors)]).toEqual([0, 0]);
    stop(1);
    expect([stops, axilRead(dut, errors)]).toEqual([1, maskOf("error", "stopped")]);
    expect(dut.peekNumber("busy_o")).toBe(1);
    pulse(dut, "done_i");
    dut.step(3);
    expect(axilRead(dut, control)).toBe(done | idle | ready);
    axilWrite(dut, errors, maskOf("error", "stopped"));
    expect(axilRead(dut, errors)).toBe(0);
  });

  it("is idle after a reset in the middle", () => {
    axilWrite(dut, control, start | autoRestart);
    dut.step(3);
    dut.poke("s_axil_awvalid", 1);
    dut.step();
    dut.poke("s_axil_awvalid", 0);
    dut.reset();
    expect(dut.peekNumber("busy_o")).toBe(0);
    expect(axilRead(dut, control)).toBe(idle);
    axilWrite(dut, bases[0]!, 0x7000);
    expect(axilRead(dut, bases[0]!)).toBe(0x7000);
  });
});
