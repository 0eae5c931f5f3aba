import { describe, expect, it } from "vitest";
import { benchRandom, runCycles, type Dut } from "../../sim/bench/index.ts";
import { observer, withModule } from "./helper.ts";
import { uartSender, type UartByte } from "./support/uart.ts";

/** What the module makes of the bytes, sent at `period` cycles a bit. */
function receive(dut: Dut, period: number, bytes: readonly UartByte[]): number[] {
  const seen: number[] = [];
  const sender = uartSender(dut, "line_i", period);
  const watch = observer(() => {
    if (dut.peekNumber("valid_o") === 1) seen.push(dut.peekNumber("data_o"));
  });
  // reset has left the line low: that ends like a byte does
  const idle = dut.cycles + 12 * period;
  runCycles(dut, [sender], { until: () => dut.cycles > idle });
  sender.send(...bytes);
  let rest = 4 * period;
  const until = (): boolean => sender.done && --rest < 0;
  runCycles(dut, [sender, watch], { until, maxCycles: 20 * bytes.length * period + 1000 });
  return seen;
}

const all = Array.from({ length: 256 }, (_, value): UartByte => ({ value }));

describe.each([4, 12, 16])("uart_rx, %i cycles a bit", (Divisor) => {
  it("takes every byte, one right behind the other", () =>
    withModule("uart_rx", { Divisor }, (dut) => {
      expect(receive(dut, Divisor, all)).toEqual(all.map(({ value }) => value));
    }));

  it("takes bytes of a line whose clock is 2 percent fast or slow, and that pauses", () =>
    withModule("uart_rx", { Divisor }, (dut) => {
      for (const period of [0.98 * Divisor, 1.02 * Divisor]) {
        const random = benchRandom(Math.round(1000 * period));
        const bytes = all.map(({ value }) => ({ value, idle: random.below(4) }));
        expect(receive(dut, period, bytes), `period ${period}`).toEqual(all.map(({ value }) => value));
      }
    }));

  it("drops a byte whose stop bit is low, and takes the next", () =>
    withModule("uart_rx", { Divisor }, (dut) => {
      // the low stop bit looks like a start bit until the idle line ends it
      const spoilt: UartByte = { value: 0x35, stop: 0, idle: 12 };
      expect(receive(dut, Divisor, [{ value: 0xc1 }, spoilt, { value: 0x53 }])).toEqual([0xc1, 0x53]);
    }));

  it("does not take a disturbance shorter than half a bit for a start bit", () =>
    withModule("uart_rx", { Divisor }, (dut) => {
      const seen: number[] = [];
      const step = (line: number, cycles: number): void => {
        dut.poke("line_i", line);
        for (let i = 0; i < cycles; i += 1) {
          dut.step();
          if (dut.peekNumber("valid_o") === 1) seen.push(dut.peekNumber("data_o"));
        }
      };
      step(1, 12 * Divisor);
      seen.splice(0);
      step(0, Math.max(1, (Divisor >> 1) - 1));
      step(1, 20 * Divisor);
      expect(seen).toEqual([]);
    }));
});
