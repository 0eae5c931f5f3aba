/** The other end of a serial line of 8 data bits, no parity and one stop bit. */
import type { Actor, Dut } from "../../../sim/bench/index.ts";

export interface UartByte {
  readonly value: number;
  /** Level of the stop bit; 1 unless the byte is to be spoilt. */
  readonly stop?: 0 | 1;
  /** Bits of idle line behind the byte. */
  readonly idle?: number;
}

export interface UartSender extends Actor {
  send(...bytes: readonly UartByte[]): void;
  /** Everything has left, stop bits and idle time included. */
  readonly done: boolean;
}

/** Sends bytes on an input; a bit lasts `period` clock cycles, which need not be a whole number. */
export function uartSender(dut: Dut, line: string, period: number): UartSender {
  const levels: number[] = [];
  let now = 0;
  let ends = 0;
  return {
    get done() {
      return levels.length === 0;
    },
    send(...bytes) {
      if (levels.length === 0) ends = now + period;
      for (const { idle = 0, stop = 1, value } of bytes) {
        const bits = Array.from({ length: 8 }, (_, i) => (value >> i) & 1);
        levels.push(0, ...bits, stop, ...new Array<number>(idle).fill(1));
      }
    },
    drive() {
      dut.poke(line, levels[0] ?? 1);
    },
    observe() {
      now += 1;
      if (levels.length === 0 || now < ends) return;
      levels.shift();
      ends += period;
    },
  };
}

export interface UartReceiver extends Actor {
  readonly bytes: readonly number[];
  /** Cycle of each start bit's falling edge. */
  readonly starts: readonly number[];
}

/** Reads an output; throws when a level changes elsewhere than between two bits, or a stop bit is low. */
export function uartReceiver(dut: Dut, line: string, period: number): UartReceiver {
  const bytes: number[] = [];
  const starts: number[] = [];
  let levels: number[] = [];
  let now = 0;
  return {
    bytes,
    starts,
    drive: () => undefined,
    observe() {
      const level = dut.peekNumber(line);
      if (levels.length > 0 || level === 0) {
        if (levels.length === 0) starts.push(now);
        levels.push(level);
      }
      now += 1;
      if (levels.length < 10 * period) return;
      const bits = Array.from({ length: 10 }, (_, i) => levels.slice(i * period, (i + 1) * period));
      if (bits.some((bit) => bit.some((each) => each !== bit[0])))
        throw new Error(`${line}: a bit does not last ${period} cycles: ${levels.join("")}`);
      const [, ...rest] = bits.map((bit) => bit[0] ?? 0);
      if (rest[8] !== 1) throw new Error(`${line}: the stop bit is low`);
      bytes.push(rest.slice(0, 8).reduce((value, bit, i) => value | (bit << i), 0));
      levels = [];
    },
  };
}
