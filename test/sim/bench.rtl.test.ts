import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  benchRandom,
  runCycles,
  streamSink,
  streamSource,
  verilateModule,
  type Dut,
} from "../../sim/bench/index.ts";
import { MissingToolError } from "../../src/ir/errors.ts";

const fixture = join(import.meta.dirname, "fixtures", "bench", "skid.v");
const folder = mkdtempSync(join(tmpdir(), "firebrick-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function skid(width: number, trace?: string): Promise<Dut> {
  const options = trace === undefined ? {} : { trace };
  const dut = await verilateModule({
    top: "skid",
    files: [fixture],
    parameters: { Width: width },
    ...options,
  });
  for (const input of ["in_valid_i", "out_ready_i", "stop_i", "unstable_i"]) dut.poke(input, 0);
  dut.reset();
  return dut;
}

describe("ports", () => {
  let dut: Dut;
  beforeAll(async () => {
    dut = await skid(70);
  });
  afterAll(() => dut.close());

  it("come from the verilated class", () => {
    expect(dut.ports.get("in_data_i")).toMatchObject({ direction: "input", width: 70, storage: 12 });
    expect(dut.ports.get("sum_o")).toMatchObject({ direction: "output", width: 40, storage: 8 });
  });

  it("count clock cycles", () => {
    dut.reset(1);
    dut.step(5);
    expect(dut.peekNumber("sum_o")).toBe(0x1_0000_0005);
    expect(dut.peek("wide_o")).toBe((0x1_0000_0005n << 60n) | 0x1_0000_0005n);
  });

  it("carry wide values", () => {
    const value = 0x2a_fedc_ba98_7654_3210n;
    dut.poke("in_data_i", value);
    dut.poke("in_valid_i", true);
    dut.step();
    dut.poke("in_valid_i", false);
    dut.eval();
    expect(dut.peek("out_data_o")).toBe(value);
    expect(dut.peekSigned("out_data_o")).toBe(value - (1n << 70n));
  });

  it("refuse what does not exist or does not fit", () => {
    expect(() => dut.poke("in_valid_i", 2)).toThrow("2 does not fit in the 1 bits of in_valid_i");
    expect(() => dut.poke("sum_o", 2)).toThrow("sum_o is an output");
    expect(() => dut.peek("nothing")).toThrow("no port nothing; ports: clk_i, rst_i");
  });
});

describe("streams", () => {
  it.each([
    { idle: 0, stall: 0 },
    { idle: 50, stall: 0 },
    { idle: 0, stall: 50 },
    { idle: 30, stall: 70 },
  ])("pass everything in order with $idle % idle and $stall % stalls", async ({ idle, stall }) => {
    const dut = await skid(8);
    const source = streamSource(dut, { group: "in", fields: ["data", "last"], idle });
    const sink = streamSink(dut, { group: "out", fields: ["data", "last"], stall });
    const random = benchRandom(7);
    const beats = Array.from({ length: 500 }, () => ({ data: random.bits(8), last: random.bits(1) }));
    source.push(...beats);
    const cycles = runCycles(dut, [source, sink], { until: () => sink.beats.length === beats.length });
    expect(sink.beats).toEqual(beats);
    if (idle + stall === 0) expect(cycles).toBe(501);
    else expect(cycles).toBeGreaterThan(600);
    dut.close();
  });

  it("notice a payload that changes while stalled", async () => {
    const dut = await skid(8);
    dut.poke("unstable_i", 1);
    const source = streamSource(dut, { group: "in", fields: ["data", "last"] });
    const sink = streamSink(dut, { group: "out", stall: 50 });
    source.push(...Array.from({ length: 100 }, () => ({ data: 4, last: 0 })));
    const run = () => runCycles(dut, [source, sink], { until: () => sink.beats.length === 100 });
    expect(run).toThrow(/out: data changed from \d+ to \d+ while stalled/);
    dut.close();
  });
});

describe("builds", () => {
  it("report $stop instead of ending the process", async () => {
    const dut = await skid(8);
    dut.poke("stop_i", 1);
    expect(() => dut.step()).toThrow(/stopped in cycle 3: \$stop at .*skid\.v:\d+/);
    dut.close();
  });

  it("say what Verilator said about a bad parameter", async () => {
    await expect(skid(1)).rejects.toThrow(/width_must_be_at_least_2/);
  });

  it.each(["fst", "vcd"])("write %s waveforms", async (kind) => {
    const file = join(folder, `wave.${kind}`);
    const dut = await skid(8, file);
    dut.step(50);
    dut.close();
    expect(existsSync(file)).toBe(true);
    if (kind === "vcd") expect(readFileSync(file, "utf8")).toContain("in_data_i");
    else expect(readFileSync(file).length).toBeGreaterThan(300);
  });

  it("name the tool that is missing", async () => {
    vi.stubEnv("PATH", folder);
    const missing = await skid(8).catch((error: unknown) => error);
    vi.unstubAllEnvs();
    expect(missing).toBeInstanceOf(MissingToolError);
    expect(String(missing)).toContain("verilator is not installed");
  });
});
