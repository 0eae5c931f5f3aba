import { benchRandom } from "./random.ts";
import type { Dut } from "./dut.ts";
import { loadBytes, type Burst, type MemoryActor, type MemoryOptions } from "./memory.ts";
import { checkStable, widthOf } from "./streams.ts";

export interface ReadServerOptions extends MemoryOptions {
  /** Before `req_valid_o`, `rsp_valid_i` and so on, such as `mem_`; default none. */
  readonly prefix?: string;
  /** Beats, counted from 0 over all answers, that come with an error and random data, on a client that looks at errors. */
  readonly errorBeats?: readonly number[];
}

/**
 * Answers a read client of docs/hardware.md: `req_valid_o`, `req_ready_i`, `req_addr_o`, `req_beats_o`, answered in
 * order with `rsp_valid_i`, `rsp_data_i`, `rsp_last_i`, which the client always takes.
 * Throws on a request that leaves its 256 aligned bytes.
 */
export function readServer(dut: Dut, options: ReadServerOptions): MemoryActor {
  const { prefix = "", seed = 1, stall = 0, outstanding = 16, latency = 1 } = options;
  const port = (name: string): string => `${prefix}${name}`;
  const busBytes = widthOf(dut, port("rsp_data_i")) / 8;
  const seesErrors = dut.ports.has(port("rsp_error_i"));
  const random = benchRandom(seed, `read server ${prefix}`);
  const bursts: Burst[] = [];
  const queue: { burst: Burst; due: number; beat: number }[] = [];
  let stalled: Record<string, bigint> | undefined;
  let ready = false;
  let now = 0;
  let answered = 0;
  return {
    bursts,
    get open() {
      return queue.length;
    },
    drive() {
      ready = queue.length < outstanding && !random.chance(stall);
      dut.poke(port("req_ready_i"), ready);
      const first = queue[0];
      const answer = first !== undefined && now >= first.due && !random.chance(stall);
      dut.poke(port("rsp_valid_i"), answer);
      if (!answer) {
        dut.poke(port("rsp_data_i"), random.bits(8 * busBytes));
        dut.poke(port("rsp_last_i"), random.bits(1));
        if (seesErrors) dut.poke(port("rsp_error_i"), random.bits(1));
        return;
      }
      const failed = options.errorBeats?.includes(answered) ?? false;
      answered += 1;
      if (seesErrors) dut.poke(port("rsp_error_i"), failed);
      const value = loadBytes(options, first.burst.address + first.beat * busBytes, busBytes);
      dut.poke(port("rsp_data_i"), failed ? random.bits(8 * busBytes) : value);
      first.beat += 1;
      const last = first.beat === first.burst.beats;
      dut.poke(port("rsp_last_i"), last);
      if (last) queue.shift();
    },
    observe() {
      const valid = dut.peekNumber(port("req_valid_o")) === 1;
      const payload = valid
        ? { addr: dut.peek(port("req_addr_o")), beats: dut.peek(port("req_beats_o")) }
        : undefined;
      checkStable(`${prefix}req`, stalled, payload);
      if (payload !== undefined && ready) {
        const burst = { address: Number(payload.addr), beats: Number(payload.beats) };
        const within = (burst.address % 256) + burst.beats * busBytes;
        if (burst.beats === 0 || within > 256 || burst.address % busBytes !== 0) {
          throw new Error(
            `${burst.beats} beats at 0x${burst.address.toString(16)} leave their 256 aligned bytes`,
          );
        }
        bursts.push(burst);
        queue.push({ burst, due: now + Math.max(1, latency), beat: 0 });
      }
      stalled = ready ? undefined : payload;
      now += 1;
    },
  };
}
