import { describe, expect, it } from "vitest";
import { benchRandom, cycle, runCycles, streamSink, type Actor, type Dut } from "../../sim/bench/index.ts";
import { quadFlash } from "../../sim/small/flash.ts";
import { randomBytes, withModule } from "./helper.ts";

const address = 0x2b_cdef;
const parameters = { Address: address };
const pins = { address, prefix: "", wakeCycles: 72 };

/** One cycle with start high, once the reader is ready. */
function start(dut: Dut, flash: Actor): void {
  runCycles(dut, [flash], { until: () => dut.peekNumber("ready_o") === 1 });
  dut.poke("start_i", 1);
  cycle(dut, [flash]);
  dut.poke("start_i", 0);
}

function idle(dut: Dut, flash: Actor, cycles: number): void {
  for (let i = 0; i < cycles; i += 1) cycle(dut, [flash]);
}

/** Reads a stream of `count` words and stops it; `cycles`: from start to the last word. */
function readStream(
  dut: Dut,
  flash: Actor,
  count: number,
  stall: number,
): { halves: number[]; cycles: number } {
  const sink = streamSink(dut, { group: "half", stall, seed: count });
  start(dut, flash);
  const cycles = runCycles(dut, [flash, sink], { until: () => sink.beats.length === count });
  dut.poke("half_ready_i", 0);
  dut.poke("stop_i", 1);
  cycle(dut, [flash]);
  runCycles(dut, [flash], { until: () => dut.peekNumber("ready_o") === 1 });
  dut.poke("stop_i", 0);
  return { halves: sink.values().map(Number), cycles };
}

function halvesOf(bytes: Uint8Array, count: number): number[] {
  const view = new DataView(bytes.buffer);
  return Array.from({ length: count }, (_, i) => view.getUint16(2 * i, true));
}

describe("spi_flash_reader", () => {
  const bytes = randomBytes(4000, benchRandom(2));

  it.each([0, 30, 90])("reads streams from one address, held back %i percent", (stall) =>
    withModule("spi_flash_reader", parameters, (dut) => {
      // the flash throws when a command is wrong, comes too early or IO0 is driven by both sides
      const flash = quadFlash(dut, { ...pins, bytes });
      for (const count of [1, 2, 1500, 7]) {
        const { cycles, halves } = readStream(dut, flash, count, stall);
        expect(halves).toEqual(halvesOf(bytes, count));
        // 40 clocks of command and address, then four for each word
        if (stall === 0) expect(cycles).toBe(46 + 4 * (count - 1));
      }
    }),
  );

  it("clocks the flash no further than the word that waits", () =>
    withModule("spi_flash_reader", parameters, (dut) => {
      const flash = quadFlash(dut, { ...pins, bytes });
      start(dut, flash);
      idle(dut, flash, 400);
      expect([dut.peekNumber("half_valid_o"), dut.peekNumber("sck_en_o")]).toEqual([1, 0]);
      expect(dut.peekNumber("half_data_o")).toBe(halvesOf(bytes, 1)[0]);
      expect(flash.readBytes).toBeLessThanOrEqual(4);
    }));

  it("begins again after a reset in the middle of a stream", () =>
    withModule("spi_flash_reader", parameters, (dut) => {
      const flash = quadFlash(dut, { ...pins, bytes });
      expect(readStream(dut, flash, 20, 0).halves).toEqual(halvesOf(bytes, 20));
      start(dut, flash);
      dut.poke("half_ready_i", 1);
      idle(dut, flash, 300);
      dut.poke("rst_i", 1);
      idle(dut, flash, 4);
      dut.poke("rst_i", 0);
      expect(readStream(dut, flash, 20, 0).halves).toEqual(halvesOf(bytes, 20));
    }));
});
