import { describe, expect, it } from "vitest";
import type { Dut } from "../../sim/bench/index.ts";
import { pulse, withModule } from "./helper.ts";

const outputs = (dut: Dut) => [dut.peekNumber("hold_o"), dut.peekNumber("stopped_o")];
const idle = (dut: Dut, reads: number, writes: number) => {
  dut.poke("reads_idle_i", reads);
  dut.poke("writes_idle_i", writes);
};

describe("image_stop", () => {
  it("holds until neither a read nor a write is under way, then pulses once", () =>
    withModule("image_stop", {}, (dut) => {
      dut.poke("busy_i", 1);
      idle(dut, 1, 1);
      dut.step(5);
      expect(outputs(dut)).toEqual([0, 0]);
      idle(dut, 0, 0);
      pulse(dut, "stop_i");
      for (const [reads, writes] of [
        [0, 0],
        [1, 0],
        [0, 1],
      ] as const) {
        idle(dut, reads, writes);
        dut.step(3);
        expect(outputs(dut)).toEqual([1, 0]);
      }
      idle(dut, 1, 1);
      dut.step();
      expect(outputs(dut)).toEqual([1, 1]);
      dut.step();
      expect(outputs(dut)).toEqual([0, 0]);
    }));

  it("forgets a stop when no image runs, and with an image that ends by itself", () =>
    withModule("image_stop", {}, (dut) => {
      pulse(dut, "stop_i");
      expect(outputs(dut)).toEqual([0, 0]);
      dut.poke("busy_i", 1);
      pulse(dut, "stop_i");
      expect(outputs(dut)).toEqual([1, 0]);
      dut.poke("busy_i", 0);
      dut.step();
      idle(dut, 1, 1);
      dut.poke("busy_i", 1);
      dut.step(3);
      expect(outputs(dut)).toEqual([0, 0]);
    }));
});
