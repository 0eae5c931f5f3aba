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

describe("run_control", () => {
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
