import { describe, expect, it } from "vitest";
import type { Dut } from "../../sim/bench/index.ts";
import { maskOf, registers } from "../../src/format/registers.ts";
import { axilRead, axilWrite } from "./axil.ts";
import { pulse, withModule } from "./helper.ts";

/** Asks for an image from this base of the model region: whether it starts, and then whether it keeps what the last one left. */
function start(dut: Dut, base: number): { readonly starts: boolean; readonly keeps: boolean } {
  axilWrite(dut, registers.model.address, base);
  const seen: boolean[] = [];
  const step = dut.step.bind(dut);
  // the start lasts a cycle, in the midst of the write's
  const watched = new Proxy(dut, {
    get: (target, name) =>
      name === "step"
        ? () => {
            target.eval();
            if (target.peekNumber("start_o") === 1) seen.push(target.peekNumber("keep_o") === 1);
            step();
          }
        : (Reflect.get(target, name, target) as unknown),
  });
  axilWrite(watched, registers.control.address, maskOf("control", "start"));
  for (let i = 0; i < 4; i += 1) watched.step();
  return { starts: seen.length === 1, keeps: seen[0] === true };
}

/** The image that runs ends, with an error of a read before if it is wanted. */
function end(dut: Dut, fails = false): void {
  if (fails) pulse(dut, "read_error_i");
  for (const [port, value] of [
    ["loaded_i", 1],
    ["blocks_i", 3],
    ["blocks_done_i", 3],
    ["reader_block_i", 3],
    ["array_idle_i", 1],
  ] as const)
    dut.poke(port, value);
  dut.step();
  dut.poke("loaded_i", 0);
  dut.step();
  expect(axilRead(dut, registers.control.address) & maskOf("control", "done")).not.toBe(0);
}

const control = registers.control.address;
const isDone = (dut: Dut) => (axilRead(dut, control) & maskOf("control", "done")) !== 0;
const place = (dut: Dut) => [
  axilRead(dut, registers.errorPlace.address),
  axilRead(dut, registers.errorAddress.address),
];

/** An error of a write of block `block` at `addr`, answered with DECERR. */
function failWrite(dut: Dut, block: number, addr: number): void {
  dut.poke("write_block_i", block);
  dut.poke("write_addr_i", addr);
  dut.poke("write_decode_i", 1);
  pulse(dut, "write_error_i");
}

describe("run_control", () => {
  it.each([
    ["read_error_i", "read", 2],
    ["write_error_i", "write", 5],
    ["outside_i", "outside", 5],
  ] as const)("ends an image with %s as a stop does, and keeps nothing", (port, bit, unit) =>
    withModule("run_control", {}, (dut) => {
      axilWrite(dut, registers.keep.address, 1);
      expect(start(dut, 0x4000).starts).toBe(true);
      dut.poke("read_unit_i", 2);
      dut.poke("read_block_i", 9);
      dut.poke("read_addr_i", 0x8000_0040);
      dut.poke("write_block_i", 9);
      dut.poke("write_addr_i", 0x8000_0040);
      pulse(dut, port);
      dut.step(5);
      // memory still owes answers
      expect([dut.peekNumber("hold_o"), dut.peekNumber("reset_o"), isDone(dut)]).toEqual([1, 0, false]);
      dut.poke("reads_idle_i", 1);
      dut.poke("writes_idle_i", 1);
      dut.step();
      expect(dut.peekNumber("reset_o")).toBe(1);
      dut.step();
      expect([dut.peekNumber("hold_o"), isDone(dut), isDone(dut)]).toEqual([0, true, false]);
      expect(axilRead(dut, registers.error.address)).toBe(maskOf("error", bit));
      expect(place(dut)).toEqual([(9 << 8) | unit, 0x8000_0040]);
      expect(start(dut, 0x4000)).toEqual({ starts: true, keeps: false });
    }),
  );

  it("keeps the place of the first error until the host clears it, whichever bit that was", () =>
    withModule("run_control", {}, (dut) => {
      expect(start(dut, 0x4000).starts).toBe(true);
      failWrite(dut, 3, 0x100);
      failWrite(dut, 4, 0x200);
      dut.poke("read_unit_i", 1);
      pulse(dut, "read_error_i");
      const decode = maskOf("errorPlace", "decode");
      const both = maskOf("error", "read") | maskOf("error", "write");
      expect([axilRead(dut, registers.error.address), ...place(dut)]).toEqual([
        both,
        (3 << 8) | decode | 5,
        0x100,
      ]);
      axilWrite(dut, registers.error.address, maskOf("error", "write"));
      failWrite(dut, 6, 0x300);
      expect(place(dut)).toEqual([(3 << 8) | decode | 5, 0x100]);
      axilWrite(dut, registers.error.address, both);
      failWrite(dut, 7, 0x400);
      expect(place(dut)).toEqual([(7 << 8) | decode | 5, 0x400]);
    }));

  it("is done once when an error comes with the end of the image", () =>
    withModule("run_control", {}, (dut) => {
      expect(start(dut, 0x4000).starts).toBe(true);
      dut.poke("reads_idle_i", 1);
      dut.poke("writes_idle_i", 1);
      const ends = { loaded_i: 1, blocks_i: 3, blocks_done_i: 3, reader_block_i: 3, array_idle_i: 1 };
      for (const [port, value] of Object.entries(ends)) dut.poke(port, value);
      failWrite(dut, 2, 0x80);
      dut.poke("loaded_i", 0);
      const resets: number[] = [];
      for (let i = 0; i < 6; i += 1) {
        resets.push(dut.peekNumber("reset_o"));
        dut.step();
      }
      expect(resets).toEqual([0, 0, 0, 0, 0, 0]);
      expect([isDone(dut), isDone(dut)]).toEqual([true, false]);
      expect(axilRead(dut, registers.error.address)).toBe(maskOf("error", "write"));
    }));

  it("keeps program and weights from image to image of one base, when the host says so", () =>
    withModule("run_control", {}, (dut) => {
      expect(start(dut, 0x4000)).toEqual({ starts: true, keeps: false });
      end(dut);
      expect(start(dut, 0x4000)).toEqual({ starts: true, keeps: false });
      end(dut);
      axilWrite(dut, registers.keep.address, 1);
      expect(axilRead(dut, registers.keep.address)).toBe(1);
      expect(start(dut, 0x4000)).toEqual({ starts: true, keeps: true });
      end(dut);
      expect(start(dut, 0x4000)).toEqual({ starts: true, keeps: true });
      end(dut);
      expect(start(dut, 0x5000)).toEqual({ starts: true, keeps: false });
      end(dut, true);
      expect(start(dut, 0x5000)).toEqual({ starts: true, keeps: false });
      end(dut);
      axilWrite(dut, registers.keep.address, 0);
      expect(start(dut, 0x5000)).toEqual({ starts: true, keeps: false });
    }));

  it("forgets them at a start that it refuses: its base is that of no image", () =>
    withModule("run_control", {}, (dut) => {
      axilWrite(dut, registers.keep.address, 1);
      expect(start(dut, 0x4000).starts).toBe(true);
      end(dut);
      expect(start(dut, 0x7010)).toEqual({ starts: false, keeps: false });
      expect(axilRead(dut, registers.error.address)).toBe(maskOf("error", "base"));
      expect(start(dut, 0x7000)).toEqual({ starts: true, keeps: false });
    }));
});
