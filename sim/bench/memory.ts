import { benchRandom } from "./random.ts";
import type { Actor } from "./cycle.ts";
import type { Dut } from "./dut.ts";
import { checkStable, widthOf } from "./streams.ts";
import { item } from "../../src/ir/known.ts";

/** What a memory answers that could not. */
const SLVERR = 2;

export interface MemoryOptions {
  /** What the memory holds; address `base` is its first byte. */
  readonly bytes: Uint8Array;
  readonly base?: number;
  /** Cycles from the accepted address to the first beat, at least 1; default 1. */
  readonly latency?: number;
  /** Percent of cycles in which a ready or an answer is held back; default 0. */
  readonly stall?: number;
  /** Bursts accepted and not yet answered; default 16. */
  readonly outstanding?: number;
  readonly seed?: number;
}

export interface AxiMemoryOptions extends MemoryOptions {
  /** Before the AXI names; default `m_axi_`. */
  readonly prefix?: string;
  /** After the AXI names, such as `_o`, for ports out of and into the module; default none. */
  readonly suffix?: { readonly output: string; readonly input: string };
  /** Bursts, counted from 0, that are answered with `response`. */
  readonly errorBursts?: readonly number[];
  /** 1 EXOKAY, 2 SLVERR, 3 DECERR; default 2. */
  readonly response?: number;
}

/** One burst that the module asked for. */
export interface Burst {
  readonly address: number;
  readonly beats: number;
}

export interface MemoryActor extends Actor {
  /** All bursts accepted so far. */
  readonly bursts: readonly Burst[];
  /** Bursts whose answer is not yet complete. */
  readonly open: number;
}

/** The value of `count` bytes from `address`, little endian. Throws outside the memory. */
export function loadBytes(memory: MemoryOptions, address: number, count: number): bigint {
  const { base = 0, bytes } = memory;
  const at = address - base;
  if (at < 0 || at + count > bytes.length)
    throw new Error(`read of ${count} bytes at ${hex(address)} is outside the memory`);
  let value = 0n;
  for (let i = count - 1; i >= 0; i -= 1) value = (value << 8n) | BigInt(item(bytes, at + i));
  return value;
}

/** Answers the AR and R channels of an AXI4 master, in order. Throws on a burst across 4 KB or of an unknown kind. */
export function axiReadMemory(dut: Dut, options: AxiMemoryOptions): MemoryActor {
  const { output, input } = axiPorts(options);
  const { seed = 1, stall = 0, outstanding = 16, latency = 1, response = SLVERR } = options;
  const random = benchRandom(seed, "axi read");
  const busBytes = widthOf(dut, input("rdata")) / 8;
  const bursts: Burst[] = [];
  const queue: { burst: Burst; index: number; due: number; beat: number }[] = [];
  let stalled: Record<string, bigint> | undefined;
  let ready = false;
  let offered = false;
  let now = 0;
  return {
    bursts,
    get open() {
      return queue.length;
    },
    drive() {
      ready = queue.length < outstanding && !random.chance(stall);
      dut.poke(input("arready"), ready);
      const first = queue[0];
      offered ||= first !== undefined && now >= first.due && !random.chance(stall);
      dut.poke(input("rvalid"), offered);
      const width = 8 * busBytes;
      if (!offered || first === undefined) {
        dut.poke(input("rdata"), random.bits(width));
        dut.poke(input("rlast"), random.bits(1));
        dut.poke(input("rresp"), random.bits(2));
        return;
      }
      const failed = options.errorBursts?.includes(first.index) ?? false;
      const value = loadBytes(options, first.burst.address + first.beat * busBytes, busBytes);
      dut.poke(input("rdata"), failed ? 0 : value);
      dut.poke(input("rlast"), first.beat + 1 === first.burst.beats);
      dut.poke(input("rresp"), failed ? response : 0);
    },
    observe() {
      const first = queue[0];
      if (offered && first !== undefined && dut.peekNumber(output("rready")) === 1) {
        offered = false;
        first.beat += 1;
        if (first.beat === first.burst.beats) queue.shift();
      }
      const payload = addressPayload(dut, output, "ar");
      checkStable("ar", stalled, payload);
      if (payload !== undefined && ready) {
        const burst = toBurst(payload, "ar", busBytes);
        queue.push({ burst, index: bursts.length, due: now + Math.max(1, latency), beat: 0 });
        bursts.push(burst);
      }
      stalled = ready ? undefined : payload;
      now += 1;
    },
  };
}

/** Accepts the AW and W channels of an AXI4 master and answers on B, in order. Checks strobes, WLAST and stability. */
export function axiWriteMemory(dut: Dut, options: AxiMemoryOptions): MemoryActor {
  const { output, input } = axiPorts(options);
  const { seed = 1, stall = 0, outstanding = 16, latency = 1, response = SLVERR, base = 0 } = options;
  const random = benchRandom(seed, "axi write");
  const busBytes = widthOf(dut, output("wdata")) / 8;
  const bursts: Burst[] = [];
  /** Bursts with an address, waiting for data; data may not come first. */
  const filling: { burst: Burst; beat: number }[] = [];
  const answers: { due: number; index: number }[] = [];
  let stalledAddress: Record<string, bigint> | undefined;
  let stalledData: Record<string, bigint> | undefined;
  let ready = { address: false, data: false };
  let offered = false;
  let answered = 0;
  let now = 0;
  const store = (
    burst: Burst,
    beat: number,
    { data, strb }: { readonly data: bigint; readonly strb: bigint },
  ): void => {
    const at = burst.address + beat * busBytes - base;
    for (let i = 0; i < busBytes; i += 1) {
      if (((strb >> BigInt(i)) & 1n) === 0n) continue;
      if (at + i < 0 || at + i >= options.bytes.length)
        throw new Error(`write at ${hex(burst.address)} is outside the memory`);
      options.bytes[at + i] = Number((data >> BigInt(8 * i)) & 255n);
    }
  };
  return {
    bursts,
    get open() {
      return filling.length + answers.length;
    },
    drive() {
      const room = filling.length + answers.length < outstanding;
      ready = {
        address: room && !random.chance(stall),
        data: filling.length > 0 && !random.chance(stall),
      };
      dut.poke(input("awready"), ready.address);
      dut.poke(input("wready"), ready.data);
      const answer = answers[0];
      offered ||= answer !== undefined && now >= answer.due && !random.chance(stall);
      dut.poke(input("bvalid"), offered);
      const failed = options.errorBursts?.includes(answered) ?? false;
      dut.poke(input("bresp"), offered ? (failed ? response : 0) : random.bits(2));
    },
    observe() {
      if (offered && dut.peekNumber(output("bready")) === 1) {
        offered = false;
        answers.shift();
        answered += 1;
      }
      const data =
        dut.peekNumber(output("wvalid")) === 0
          ? undefined
          : {
              data: dut.peek(output("wdata")),
              strb: dut.peek(output("wstrb")),
              last: dut.peek(output("wlast")),
            };
      checkStable("w", stalledData, data);
      const first = filling[0];
      if (data !== undefined && ready.data && first !== undefined) {
        store(first.burst, first.beat, data);
        first.beat += 1;
        const last = first.beat === first.burst.beats;
        if (last !== (data.last === 1n))
          throw new Error(`w: WLAST is ${data.last} in beat ${first.beat} of ${first.burst.beats}`);
        if (last) {
          filling.shift();
          answers.push({ due: now + Math.max(1, latency), index: bursts.length });
        }
      }
      stalledData = ready.data ? undefined : data;
      const address = addressPayload(dut, output, "aw");
      checkStable("aw", stalledAddress, address);
      if (address !== undefined && ready.address) {
        const burst = toBurst(address, "aw", busBytes);
        bursts.push(burst);
        filling.push({ burst, beat: 0 });
      }
      stalledAddress = ready.address ? undefined : address;
      now += 1;
    },
  };
}

function axiPorts(options: AxiMemoryOptions): {
  output: (name: string) => string;
  input: (name: string) => string;
} {
  const prefix = options.prefix ?? "m_axi_";
  return {
    output: (name) => `${prefix}${name}${options.suffix?.output ?? ""}`,
    input: (name) => `${prefix}${name}${options.suffix?.input ?? ""}`,
  };
}

function addressPayload(
  dut: Dut,
  output: (name: string) => string,
  channel: "ar" | "aw",
): Record<string, bigint> | undefined {
  if (dut.peekNumber(output(`${channel}valid`)) === 0) return undefined;
  const fields = ["addr", "len", "size", "burst"].filter((field) =>
    dut.ports.has(output(`${channel}${field}`)),
  );
  return Object.fromEntries(fields.map((field) => [field, dut.peek(output(`${channel}${field}`))]));
}

function toBurst(payload: Record<string, bigint>, channel: string, busBytes: number): Burst {
  const address = Number(payload.addr);
  const beats = Number(payload.len) + 1;
  const size = payload.size === undefined ? busBytes : 1 << Number(payload.size);
  if (size !== busBytes) throw new Error(`${channel}: beats of ${size} bytes on a bus of ${busBytes}`);
  if (payload.burst !== undefined && payload.burst !== 1n)
    throw new Error(`${channel}: burst type ${payload.burst}, not INCR`);
  if (address % busBytes !== 0)
    throw new Error(`${channel}: address ${hex(address)} is not aligned to the bus`);
  const last = address + beats * busBytes - 1;
  if (Math.floor(address / 4096) !== Math.floor(last / 4096)) {
    throw new Error(`${channel}: ${beats} beats at ${hex(address)} cross a 4 KB border`);
  }
  return { address, beats };
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
