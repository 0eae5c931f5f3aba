/** sdram_axi against a behavioural memory that checks the data sheet's times, with a host that takes and gives as it likes. */
import { describe, expect, it } from "vitest";
import { verilateModule, type Dut } from "../../sim/bench/index.ts";
import { packagePath } from "../../src/platform/package.ts";
import { createRandom } from "../../src/zoo/pictures/random.ts";

/** -75: MT48LC16M16A2 at 25 MHz; 100: the same at 100 MHz, where every time takes several cycles; 32: 32 bits wide, a bus of 16 bytes. */
const memories = {
  "-75, 25 MHz": {},
  "-75, 100 MHz": {
    ...{ Period: 10000, InitCycles: 10100, RefreshCycles: 720 },
    ...{ RcdCycles: 2, RpCycles: 2, RasCycles: 5, RfcCycles: 7, WrCycles: 2 },
  },
  "32 bits, 27 MHz": {
    ...{ BusBytes: 16, DataBytes: 4, RowW: 11, ColW: 8, Period: 37037, Refresh: 15625000 },
    ...{ InitCycles: 2800, RefreshCycles: 380 },
  },
} as const;

const SPAN = 1 << 15;

function bench(parameters: Readonly<Record<string, number>>): Promise<Dut> {
  return verilateModule({
    top: "sdram_bench",
    files: [packagePath("test", "rtl", "support", "sdram_bench.v"), packagePath("hw", "bench", "sdram.v")],
    libraries: [packagePath("hw", "rtl"), packagePath("hw", "bench"), packagePath("test", "rtl", "support")],
    parameters,
  });
}

/** Waits until `port` is high, at most `cycles`; leaves the cycle in which it is. */
function until(dut: Dut, port: string, cycles = 20000): void {
  for (let i = 0; i < cycles; i++) {
    dut.eval();
    if (dut.peekNumber(port) === 1) return;
    dut.step();
  }
  throw new Error(`no ${port} in ${cycles} cycles`);
}

interface Bus {
  readonly dut: Dut;
  readonly bytes: number;
  readonly random: () => number;
}

function write(
  { bytes, dut, random }: Bus,
  address: number,
  data: Uint8Array,
  strobes: readonly boolean[],
): void {
  dut.poke("awaddr_i", address);
  dut.poke("awlen_i", data.length / bytes - 1);
  dut.poke("awvalid_i", 1);
  until(dut, "awready_o");
  dut.step();
  dut.poke("awvalid_i", 0);
  for (let beat = 0; beat < data.length; beat += bytes) {
    if (random() < 0.2) dut.step(1 + Math.floor(random() * 9));
    let value = 0n;
    let strobe = 0;
    for (let i = bytes - 1; i >= 0; i--) {
      value = (value << 8n) | BigInt(data[beat + i]!);
      strobe = strobe * 2 + (strobes[beat + i] ? 1 : 0);
    }
    dut.poke("wdata_i", value);
    dut.poke("wstrb_i", strobe);
    dut.poke("wvalid_i", 1);
    until(dut, "wready_o");
    dut.step();
    dut.poke("wvalid_i", 0);
  }
  dut.poke("bready_i", 1);
  until(dut, "bvalid_o");
  dut.step();
  dut.poke("bready_i", 0);
}

function read({ bytes, dut, random }: Bus, address: number, beats: number): Uint8Array {
  dut.poke("araddr_i", address);
  dut.poke("arlen_i", beats - 1);
  dut.poke("arvalid_i", 1);
  until(dut, "arready_o");
  dut.step();
  dut.poke("arvalid_i", 0);
  const data = new Uint8Array(beats * bytes);
  const slow = random() < 0.3;
  for (let beat = 0; beat < beats; beat++) {
    if (slow && random() < 0.5) dut.step(1 + Math.floor(random() * 30));
    dut.poke("rready_i", 1);
    until(dut, "rvalid_o");
    let value = dut.peek("rdata_o");
    for (let i = 0; i < bytes; i++, value >>= 8n) data[beat * bytes + i] = Number(value & 255n);
    expect(dut.peekNumber("rlast_o")).toBe(beat === beats - 1 ? 1 : 0);
    dut.step();
    dut.poke("rready_i", 0);
  }
  return data;
}

function byte({ dut }: Bus, address: number, value?: number): number {
  dut.poke("byte_addr_i", address);
  dut.poke("byte_write_i", value === undefined ? 0 : 1);
  dut.poke("byte_data_i", value ?? 0x5a);
  dut.poke("byte_valid_i", 1);
  until(dut, "byte_done_o");
  const found = dut.peekNumber("byte_data_o");
  dut.step();
  dut.poke("byte_valid_i", 0);
  return found;
}

async function withBench(
  parameters: Readonly<Record<string, number>>,
  body: (bus: Bus) => void,
): Promise<void> {
  const dut = await bench(parameters);
  try {
    for (const port of dut.ports.values()) if (port.direction === "input") dut.poke(port.name, 0);
    dut.reset();
    body({ dut, bytes: parameters.BusBytes ?? 8, random: createRandom(7) });
  } finally {
    dut.close();
  }
}

describe.each(Object.entries(memories))("%s", (_, parameters) => {
  it("gives back what was written, burst by burst and byte by byte, and breaks none of the chip's rules", () =>
    withBench(parameters, (bus) => {
      const { bytes, dut, random } = bus;
      until(dut, "ready_o");
      const known = new Map<number, number>();
      const pick = (below: number): number => Math.floor(random() * below);
      for (let round = 0; round < 300; round++) {
        const beats = 1 + pick(random() < 0.1 ? 64 : 16);
        const address = pick((SPAN - beats * bytes) / bytes) * bytes;
        const kind = random();
        if (kind < 0.4) {
          const data = Uint8Array.from({ length: beats * bytes }, () => pick(256));
          const strobes = Array.from(data, () => random() < 0.9);
          write(bus, address, data, strobes);
          data.forEach((value, i) => {
            if (strobes[i]) known.set(address + i, value);
          });
        } else if (kind < 0.8) {
          read(bus, address, beats).forEach((value, i) => {
            const wanted = known.get(address + i);
            if (wanted !== undefined) expect(value, `byte ${address + i} in round ${round}`).toBe(wanted);
          });
        } else {
          const at = address + pick(bytes);
          const wanted = known.get(at);
          if (kind > 0.9) {
            const value = pick(256);
            byte(bus, at, value);
            known.set(at, value);
          } else if (wanted !== undefined) expect(byte(bus, at), `byte ${at}`).toBe(wanted);
        }
        expect(dut.peekNumber("fault_o"), `round ${round}`).toBe(0);
      }
      expect(known.size).toBeGreaterThan(3000);
    }));
});

it("moves a word in nearly every cycle of long reads", () =>
  withBench({}, (bus) => {
    const { dut } = bus;
    until(dut, "ready_o");
    const fast = { ...bus, random: () => 0.99 };
    const before = dut.cycles;
    for (let burst = 0; burst < 32; burst++) read(fast, burst * 128, 16);
    // 64 words of a burst of 128 bytes
    expect((32 * 64) / (dut.cycles - before)).toBeGreaterThan(0.75);
    expect(dut.peekNumber("fault_o")).toBe(0);
  }));

it.each([
  ["rows are read too early", { Rcd: 60000 }, 11],
  ["rows are closed too early", { Ras: 300000 }, 15],
  ["the next command comes too early behind a refresh", { Rfc: 100000 }, 3],
  ["refreshes are too rare", { Refresh: 2000000 }, 5],
  ["it starts too early", { Init: 200000000 }, 2],
] as const)("the memory tells when %s", (_, parameters, rule) =>
  withBench(parameters, (bus) => {
    until(bus.dut, "ready_o");
    for (let i = 0; i < 40; i++) write(bus, i * 4096, new Uint8Array(8).fill(i), Array(8).fill(true));
    bus.dut.step(2000);
    expect(bus.dut.peekNumber("fault_o")).toBe(rule);
  }),
);
