import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { simulate, type ImageResult, type SimulationJob } from "../../sim/index.ts";
import { maskOf } from "../../src/format/registers.ts";
import { copyJob, type CopyShape } from "./copy-job.ts";
import { defaultMemory, parseMemoryOptions } from "../../sim/memory-options.ts";

const folder = mkdtempSync(join(tmpdir(), "firebrick-harness-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function runOne(job: SimulationJob): Promise<ImageResult> {
  const result = await simulate(job);
  expect(result.images).toHaveLength(job.regions.inputs.length);
  return result.images[0]!;
}

describe("comparison", () => {
  it("passes hardware that is right, and accounts for its cycles and bytes", async () => {
    const job = copyJob(folder);
    const image = await runOne(job);
    expect(image).toMatchObject({ divergence: null, failure: null, mismatches: 0, errorRegister: 0 });
    expect(image.outputs).toEqual(job.expectedOutputs?.[0]);
    expect(image.results).toEqual([{ block: 3, phase: 1, expected: 60, seen: 60 }]);
    expect(image).toMatchObject({ readBytes: 8 + 480, writeBytes: 480, readBursts: 7, writeBursts: 6 });
    const [phase] = image.phases;
    expect(phase).toMatchObject({ block: 3, phase: 1, issue: 60 });
    const busy = phase!.issue + phase!.rows + phase!.output + phase!.setup;
    expect(busy + image.idleCycles).toBe(image.cycles);
    expect(image.counters).toEqual([77, 77, 77, 77, 77, 77]);
  });

  it.each([
    { pk: 4, busBytes: 8, rows: 6, width: 10, channels: 3 },
    { pk: 32, busBytes: 16, rows: 6, width: 10, channels: 14 },
  ] as const)("reads results of $pk lanes", async (shape) => {
    const image = await runOne(copyJob(folder, { shape }));
    expect(image).toMatchObject({ divergence: null, failure: null });
    const job = copyJob(folder, { shape, mistake: "wrongValue", at: [5, 1] });
    expect((await runOne(job)).divergence).toMatchObject({ kind: "value", y: 5, x: 1, channel: 2 });
  });

  it("names a wrong value", async () => {
    const job = copyJob(folder, { mistake: "wrongValue", at: [2, 3] });
    const image = await runOne(job);
    // Byte 2 of the pixel gets 2 more.
    const expected = job.expected![0]![0]!.values[(2 * 10 + 3) * 5 + 2]!;
    const got = ((expected + 2) << 24) >> 24;
    expect(image.divergence).toMatchObject({
      kind: "value",
      block: 3,
      phase: 1,
      y: 2,
      x: 3,
      channel: 2,
      expected,
      got,
    });
    expect(image.divergence!.cycle).toBeGreaterThan(0);
    expect(image.divergence!.cycle).toBeLessThan(image.cycles);
    expect(image.mismatches).toBe(1);
    expect(image.failure).toBeNull();
  });

  it.each([
    { mistake: "skipTrace", kind: "missing", seen: 59 },
    { mistake: "traceTwice", kind: "duplicate", seen: 60 },
    { mistake: "wrongMemory", kind: "output", seen: 60 },
  ] as const)("finds $kind results", async ({ mistake, kind, seen }) => {
    const image = await runOne(copyJob(folder, { mistake, at: [5, 9] }));
    expect(image.divergence).toMatchObject({ kind, y: 5, x: 9 });
    expect(image.results).toEqual([{ block: 3, phase: 1, expected: 60, seen }]);
  });

  it("finds results that no map expects", async () => {
    const job = copyJob(folder);
    const expected = [[{ ...job.expected![0]![0]!, phase: 0 }]];
    const image = await runOne({ ...job, expected });
    expect(image.divergence).toMatchObject({ kind: "unexpected", block: 3, phase: 1, y: 0, x: 0 });
    expect(image.mismatches).toBe(60 + 60);
  });

  it("runs without anything to compare", async () => {
    const { expected: _, expectedOutputs: __, ...job } = copyJob(folder, { mistake: "wrongValue" });
    const image = await runOne(job);
    expect(image).toMatchObject({ divergence: null, results: [] });
  });
});

describe("image after image", () => {
  it("goes on after a divergence", async () => {
    const job = copyJob(folder, { images: 3 });
    job.expected![1]![0]!.values[7]! ^= 1;
    const { images } = await simulate(job);
    expect(images.map((image) => image.divergence?.kind ?? null)).toEqual([null, "value", null]);
    expect(images.map((image) => image.outputs)).toEqual(job.expectedOutputs);
    expect(images[1]!.startCycle).toBeGreaterThan(images[0]!.startCycle + images[0]!.cycles);
    expect(new Set(images.map((image) => image.cycles)).size).toBe(1);
  });

  it("starts again after a reset in the middle", async () => {
    const plain = await runOne(copyJob(folder, { images: 2 }));
    const image = await runOne(copyJob(folder, { images: 2, resetAt: 90 }));
    expect(plain.cycles).toBeGreaterThan(90);
    expect(image.startCycle).toBeGreaterThan(plain.startCycle + 90);
    expect(image).toMatchObject({
      divergence: null,
      failure: null,
      cycles: plain.cycles,
      readBytes: plain.readBytes,
    });
    expect(image.results[0]!.seen).toBe(60);
  });
});

describe("memory", () => {
  const wide: CopyShape = { busBytes: 16, rows: 40, width: 16, channels: 16 };
  const narrow: CopyShape = { ...wide, busBytes: 8, channels: 8 };
  const cycles = async (shape: CopyShape, memory: string): Promise<number> => {
    const image = await runOne(copyJob(folder, { shape, memory: parseMemoryOptions(memory) }));
    expect(image.divergence).toBeNull();
    expect(image.failure).toBeNull();
    return image.cycles;
  };
  // Each of the 640 beats is read and written: 2 * 640 * busBytes bytes through one bucket.
  it.each([
    { shape: wide, bytes: 16, beatCycles: 2 },
    { shape: wide, bytes: 8, beatCycles: 4 },
    { shape: wide, bytes: 4.5, beatCycles: 32 / 4.5 },
    { shape: wide, bytes: 64, beatCycles: 1 },
    { shape: narrow, bytes: 16, beatCycles: 1 },
    { shape: narrow, bytes: 8, beatCycles: 2 },
  ])("gives $bytes bytes a cycle on a bus of $shape.busBytes", async ({ shape, bytes, beatCycles }) => {
    const taken = await cycles(shape, `bytes=${bytes},latency=10`);
    expect(taken).toBeGreaterThanOrEqual(640 * beatCycles);
    expect(taken).toBeLessThan(640 * beatCycles + 50);
  });

  it("answers after the latency", async () => {
    // The mode beat, the first row, and the last write response each wait for it once.
    const [short, long] = [await cycles(wide, "latency=10"), await cycles(wide, "latency=50")];
    expect(long - short).toBe(3 * 40);
  });

  it("limits bursts in flight", async () => {
    const many = await cycles(wide, "latency=100,outstanding=16");
    const one = await cycles(wide, "latency=100,outstanding=1");
    expect(one).toBeGreaterThan(40 * 100);
    expect(many).toBeLessThan(640 * 2 + 400);
  });

  it("pauses for refresh", async () => {
    const plain = await cycles(wide, "bytes=16");
    const refreshed = await cycles(wide, "bytes=16,refresh=100:20");
    expect(refreshed / plain).toBeGreaterThan(1.15);
    expect(refreshed / plain).toBeLessThan(1.35);
  });

  it("holds handshakes back at random, the same way for the same seed", async () => {
    const plain = await cycles(wide, "bytes=64");
    const first = await cycles(wide, "bytes=64,random=40");
    expect(first).toBeGreaterThan(1.3 * plain);
    expect(await cycles(wide, "bytes=64,random=40")).toBe(first);
    expect(await cycles(wide, "bytes=64,random=40,seed=2")).not.toBe(first);
  });

  it.each([
    { error: "read:3", register: maskOf("error", "read") },
    { error: "write:2", register: maskOf("error", "write") },
    { error: "read:1000", register: 0 },
  ])("answers $error with an error", async ({ error, register }) => {
    const job = copyJob(folder, { images: 2, memory: parseMemoryOptions(`error=${error}`) });
    const { images } = await simulate(job);
    expect(images.map((image) => image.errorRegister)).toEqual([register, 0]);
  });
});

describe("failures", () => {
  it.each([
    {
      mistake: "readOutside",
      kind: "address",
      message: "AR: 10 beats at 0x50000000 lie outside every region",
    },
    { mistake: "crossPage", kind: "protocol", message: "AR: 10 beats at 0x2e000ff8 cross a 4 KB border" },
    { mistake: "writeInput", kind: "address", message: "the input region is read only" },
    { mistake: "wrongLast", kind: "protocol", message: "WLAST is 1 in beat 4 of 10" },
    { mistake: "stop", kind: "stop", message: "the Verilog stopped: $stop at " },
  ] as const)("end the run: $mistake", async ({ mistake, kind, message }) => {
    const { images } = await simulate(copyJob(folder, { mistake, at: [2, 3], images: 2, stallLimit: 5000 }));
    expect(images).toHaveLength(1);
    expect(images[0]!.failure?.kind).toBe(kind);
    expect(images[0]!.failure?.message).toContain(message);
  });

  it("include data that changes while stalled", async () => {
    const memory = { ...defaultMemory, bytes: 2 };
    const image = await runOne(copyJob(folder, { mistake: "unstableData", at: [2, 3], memory }));
    expect(image.failure).toEqual({ kind: "protocol", message: "W: the data changed while stalled" });
  });

  it("include hardware that hangs", async () => {
    const image = await runOne(copyJob(folder, { mistake: "hang", at: [2, 3], stallLimit: 2000 }));
    expect(image.failure?.kind).toBe("timeout");
    expect(image.failure?.message).toMatch(
      /no result and no memory beat for 2000 cycles; block 3, phase 1 waits for output in cycle \d+/,
    );
    expect(image.results[0]!.seen).toBe(23);
  });

  it("include an image that takes too long", async () => {
    const job = copyJob(folder, { maxCycles: 1500, memory: { ...defaultMemory, bytes: 0.5 } });
    expect((await runOne(job)).failure?.message).toContain("not done after 1500 cycles");
  });
});
