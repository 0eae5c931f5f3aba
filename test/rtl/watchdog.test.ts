import { describe, expect, it } from "vitest";
import type { Dut } from "../../sim/bench/index.ts";
import { pulse, withModule } from "./helper.ts";

/** Cycles until `port` is high, of at most `most`; -1 when it stays low. */
function cyclesUntil(dut: Dut, port: string, most = 100): number {
  for (let cycles = 0; cycles <= most; cycles += 1) {
    if (dut.peekNumber(port) === 1) return cycles;
    dut.step();
    dut.eval();
  }
  return -1;
}

const outputs = (dut: Dut) =>
  ["stop_o", "give_up_o", "refused_o", "stuck_o"].map((port) => dut.peekNumber(port));

function busy(dut: Dut, limit: number): void {
  dut.poke("limit_i", limit);
  dut.poke("busy_i", 1);
  dut.eval();
}

describe("watchdog", () => {
  it("stops an image behind the limit of cycles without progress, counted from the last", () =>
    withModule("watchdog", {}, (dut) => {
      busy(dut, 10);
      for (let i = 0; i < 12; i += 1) {
        dut.step(7);
        pulse(dut, "progress_i");
        expect(outputs(dut)).toEqual([0, 0, 0, 0]);
      }
      expect(cyclesUntil(dut, "stop_o")).toBe(11);
      dut.step();
      expect(outputs(dut)).toEqual([0, 0, 0, 0]);
    }));

  it("is off with a limit of zero, and without an image", () =>
    withModule("watchdog", {}, (dut) => {
      busy(dut, 0);
      expect(cyclesUntil(dut, "stop_o")).toBe(-1);
      dut.poke("limit_i", 10);
      dut.poke("busy_i", 0);
      expect(cyclesUntil(dut, "stop_o")).toBe(-1);
    }));

  it("gives a stop up that does not end, and takes no start until a reset", () =>
    withModule("watchdog", {}, (dut) => {
      busy(dut, 10);
      dut.poke("stopping_i", 1);
      expect(cyclesUntil(dut, "give_up_o")).toBe(11);
      expect(outputs(dut)).toEqual([0, 1, 0, 1]);
      dut.poke("busy_i", 0);
      dut.poke("stopping_i", 0);
      dut.step(20);
      expect(outputs(dut)).toEqual([0, 0, 0, 1]);
      pulse(dut, "start_i");
      expect(outputs(dut)).toEqual([0, 0, 1, 1]);
      dut.reset();
      pulse(dut, "start_i");
      expect(outputs(dut)).toEqual([0, 0, 0, 0]);
    }));
});
