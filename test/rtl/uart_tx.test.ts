import { describe, expect, it } from "vitest";
import { benchRandom, runCycles, streamSource } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";
import { uartReceiver } from "./support/uart.ts";

const names = { valid: "valid_i", ready: "ready_o", data: "data_i" };
const values = [0x00, 0xff, 0x55, 0xaa, 0x01, 0x80, ...Array.from({ length: 256 }, (_, i) => i)];

describe.each([4, 12, 16])("uart_tx, %i cycles a bit", (Divisor) => {
  it.each([0, 80])("sends every byte, each bit of equal length, idle %i percent", (idle) =>
    withModule("uart_tx", { Divisor }, (dut) => {
      expect([dut.peekNumber("line_o"), dut.peekNumber("ready_o")]).toEqual([1, 1]);
      const source = streamSource(dut, { group: "bytes", names, idle });
      const receiver = uartReceiver(dut, "line_o", Divisor);
      source.push(...values.map((data) => ({ data })));
      runCycles(dut, [source, receiver], {
        until: () => receiver.bytes.length === values.length,
        maxCycles: values.length * Divisor * 30,
      });
      expect(receiver.bytes).toEqual(values);
      // ready is a cycle of its own between two bytes
      const apart = receiver.starts.slice(1).map((start, i) => start - receiver.starts[i]!);
      if (idle === 0) expect(new Set(apart)).toEqual(new Set([10 * Divisor + 1]));
      else expect(Math.min(...apart)).toBeGreaterThan(10 * Divisor);
    }),
  );

  it("leaves the line idle after a reset in the middle of a byte", () =>
    withModule("uart_tx", { Divisor }, (dut) => {
      const random = benchRandom(Divisor);
      dut.poke("valid_i", 1);
      dut.poke("data_i", 0);
      dut.step(1 + random.below(9 * Divisor));
      expect(dut.peekNumber("ready_o")).toBe(0);
      dut.poke("valid_i", 0);
      dut.reset();
      for (let i = 0; i < 12 * Divisor; i += 1) {
        expect([dut.peekNumber("line_o"), dut.peekNumber("ready_o")]).toEqual([1, 1]);
        dut.step();
      }
    }));
});
