import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { simulate, type SimulationProgress } from "../../sim/index.ts";
import { InputError, MissingToolError } from "../../src/ir/errors.ts";
import { cacheFolder } from "../../src/platform/cache.ts";
import { buildSimulator } from "../../sim/build.ts";
import { copyJob, type CopyShape } from "./copy-job.ts";

const folder = mkdtempSync(join(tmpdir(), "firebrick-runner-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** Runs keep their temporary files in a folder that no other test uses. */
function ownTemporary(name: string): string {
  const own = join(folder, name);
  mkdirSync(own);
  vi.stubEnv("TMPDIR", own);
  return own;
}

/** Times of a VCD file in which anything changed. */
function vcdTimes(file: string): number[] {
  return [...readFileSync(file, "utf8").matchAll(/^#(\d+)$/gm)].map((found) => Number(found[1]));
}

describe("waveforms", () => {
  it("cover the whole simulation", async () => {
    const file = join(folder, "whole file.vcd");
    const { images, cycles } = await simulate(copyJob(folder, { waveform: { file } }));
    expect(images[0]!.divergence).toBeNull();
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(/\$var wire +64 \S+ m_axi_wdata \[63:0\] \$end/);
    const times = vcdTimes(file);
    expect(times[0]).toBe(0);
    expect(times.at(-1)).toBe(10 * cycles - 5);
  });

  it("cover the chosen cycles of the chosen image", async () => {
    const file = join(folder, "window.vcd");
    const waveform = { file, window: { from: 50, to: 59 }, image: 1 };
    const { images } = await simulate(copyJob(folder, { images: 2, waveform }));
    const first = 10 * (images[1]!.startCycle + 50);
    const times = vcdTimes(file);
    expect(times[0]).toBe(first);
    expect(times.at(-1)).toBe(first + 95);
    expect(times).toHaveLength(20);
  });

  it("are compressed as FST", async () => {
    const file = join(folder, "wave.fst");
    const shape: CopyShape = { busBytes: 8, rows: 200, width: 16, channels: 8 };
    const { images } = await simulate(copyJob(folder, { shape, waveform: { file } }));
    expect(images[0]!.divergence).toBeNull();
    expect(readFileSync(file)[0]).toBe(0);
    expect(statSync(file).size).toBeGreaterThan(5000);
  });

  it("are refused where they cannot be written", async () => {
    const missing = join(folder, "nowhere", "wave.fst");
    await expect(simulate(copyJob(folder, { waveform: { file: missing } }))).rejects.toThrow(InputError);
    await expect(simulate(copyJob(folder, { waveform: { file: "wave.txt" } }))).rejects.toThrow(
      /\.fst or \.vcd/,
    );
  });
});

describe("builds", () => {
  it("happen once for the same content", async () => {
    const cache = join(folder, "cache");
    // What is the same in every cache, and takes longer than what this is about.
    for (const name of readdirSync(cacheFolder()))
      if (/^(?:runtime|harness|header)-/.test(name))
        cpSync(join(cacheFolder(), name), join(cache, name), { recursive: true });
    vi.stubEnv("FIREBRICK_CACHE", cache);
    const steps: string[] = [];
    const onBuild = (done: number, total: number) => steps.push(`${done}/${total}`);
    const first = await simulate(copyJob(folder), { onBuild });
    expect(first.buildCached).toBe(false);
    expect(steps[0]).toMatch(/^0\//);
    expect(steps.at(-1)).toMatch(/^(\d+)\/\1$/);
    const again = await simulate(copyJob(folder), { onBuild });
    expect(again.buildCached).toBe(true);
    expect(again.buildSeconds).toBeLessThan(first.buildSeconds);
    expect(readdirSync(cache).filter((name) => name.startsWith("partial"))).toEqual([]);
    // The header of the top module names the network: other weights on the same hardware need no other simulator.
    const renamed = copyJob(folder);
    appendFileSync(join(renamed.compiledDir, "rtl", "top.v"), "// Model: another (sha256 0)\n");
    expect((await simulate(renamed, { onBuild })).buildCached).toBe(true);
    expect(readdirSync(cache).filter((name) => name.startsWith("simulator"))).toHaveLength(1);
  });

  it("leave nothing behind when they are aborted", async () => {
    const cache = join(folder, "aborted");
    vi.stubEnv("FIREBRICK_CACHE", cache);
    const temporary = ownTemporary("aborted-temporary");
    const stop = new AbortController();
    const run = simulate(copyJob(folder), {
      signal: stop.signal,
      onBuild: () => stop.abort(new Error("enough")),
    });
    await expect(run).rejects.toThrow("enough");
    expect(readdirSync(cache)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("name a missing Verilator", async () => {
    vi.stubEnv("PATH", folder);
    await expect(simulate(copyJob(folder))).rejects.toThrow(MissingToolError);
  });
});

describe("missing tools", () => {
  const fakeCompiler = (script: string): void => {
    const file = join(folder, "compiler");
    writeFileSync(file, `#!/bin/sh\n[ "$1" = --version ] || { ${script}; }\n`, { mode: 0o755 });
    vi.stubEnv("CXX", file);
    vi.stubEnv("FIREBRICK_CACHE", join(folder, "missing-tools"));
  };

  it("include the compiler", async () => {
    fakeCompiler("exit 0");
    vi.stubEnv("CXX", join(folder, "no-compiler"));
    await expect(simulate(copyJob(folder))).rejects.toThrow(
      /no-compiler is not installed. Install it with: .*g\+\+/,
    );
  });

  it("include zlib", async () => {
    fakeCompiler("echo 'fstapi.c:1: fatal error: zlib.h: No such file or directory' >&2; exit 1");
    const waveform = { file: join(folder, "no-zlib.fst") };
    await expect(simulate(copyJob(folder, { waveform }))).rejects.toThrow(
      /zlib is not installed.*zlib1g-dev/,
    );
    expect(existsSync(waveform.file)).toBe(false);
  });

  it("are not blamed for other errors of the compiler", async () => {
    fakeCompiler("echo 'out of memory' >&2; exit 1");
    await expect(simulate(copyJob(folder))).rejects.toThrow(/compiler failed:\nout of memory/);
  });
});

describe("long runs", () => {
  const shape: CopyShape = { busBytes: 8, rows: 10_000, width: 16, channels: 8 };
  /** About 20 million cycles. */
  const memory = { bytes: 0.125, latency: 40, outstanding: 16, random: 0, seed: 1 };

  it("report progress, end when aborted, and remove what they wrote", async () => {
    const temporary = ownTemporary("long-temporary");
    const stop = new AbortController();
    const seen: SimulationProgress[] = [];
    const file = join(folder, "aborted.fst");
    const window = { from: 0, to: 10 };
    const job = copyJob(folder, { shape, memory, predictedCycles: 20_480_000, waveform: { file, window } });
    const run = simulate(job, {
      signal: stop.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (seen.length === 3) stop.abort(new Error("enough"));
      },
    });
    await expect(run).rejects.toThrow("enough");
    expect(seen).toHaveLength(3);
    expect(seen[2]!.cycles).toBeGreaterThan(seen[0]!.cycles);
    expect(seen[2]).toMatchObject({ image: 0, images: 1, totalCycles: 20_480_000 });
    expect(seen[2]!.cyclesPerSecond).toBeGreaterThan(10_000);
    const left = (20_480_000 - seen[2]!.cycles) / seen[2]!.cyclesPerSecond;
    expect(seen[2]!.secondsLeft).toBeCloseTo(left);
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
    const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    const { executable, cached } = await buildSimulator({ ...job, waveform: "fst" });
    expect(cached).toBe(true);
    expect(processes).not.toContain(executable);
  });
});
