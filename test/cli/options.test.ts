import { describe, expect, it } from "vitest";
import {
  defaultMemory,
  parseArray,
  parseMemory,
  parseSeed,
  parseTrace,
  parseTraceWindow,
} from "../../src/cli/options.ts";
import { InputError } from "../../src/ir/errors.ts";

/** Problems that a call reports. */
function problemsOf(call: () => unknown): readonly { readonly node: string; readonly found: string }[] {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("--array", () => {
  it("gives lanes and multipliers a lane", () => {
    expect(parseArray("16x8")).toEqual({ pk: 16, pc: 8 });
  });

  it.each(["8", "8x", "x8", "8X8", "0x8", "5x8", "64x64", "8x8x8", "8x8 ", ""])("refuses %j", (text) => {
    expect(problemsOf(() => parseArray(text))).toMatchObject([{ node: "--array", found: `"${text}"` }]);
  });

  it("refuses to be given twice", () => {
    expect(problemsOf(() => parseArray(["8x8", "4x4"]))).toMatchObject([
      { node: "--array", found: "2 values" },
    ]);
  });
});

describe("--memory", () => {
  it("fills in defaults", () => {
    expect(parseMemory("bytes=8,latency=3")).toEqual({ ...defaultMemory, bytes: 8, latency: 3 });
  });

  it("reads every field", () => {
    expect(parseMemory("bytes=16,latency=0,outstanding=1,refresh=780,stall=35,jitter=20")).toEqual({
      bytes: 16,
      latency: 0,
      outstanding: 1,
      refresh: 780,
      stall: 35,
      jitter: 20,
    });
  });

  it.each([
    "",
    "bytes",
    "bytes=",
    "bytes=7",
    "bytes=-8",
    "latency=1e3",
    "jitter=91",
    "bytes=8,",
    "toString=1",
  ])("refuses %j", (text) => {
    expect(problemsOf(() => parseMemory(text))).toHaveLength(1);
  });

  it("names all that is wrong at once", () => {
    expect(problemsOf(() => parseMemory("bytes=9,speed=1,latency=4,latency=5"))).toMatchObject([
      { found: '"bytes=9"' },
      { found: '"speed=1"' },
      { found: '"latency" twice' },
    ]);
  });
});

describe("--trace and --trace-window", () => {
  it("take a waveform file and a range of cycles", () => {
    expect(parseTrace("a/run.fst")).toBe("a/run.fst");
    expect(parseTraceWindow("10:20")).toEqual({ from: 10, to: 20 });
  });

  it.each(["run", "run.txt", ".fst"])("refuses the file %j", (text) => {
    expect(problemsOf(() => parseTrace(text))).toMatchObject([{ node: "--trace" }]);
  });

  it.each(["10", "20:10", "10:10", ":5", "a:b", "-1:5"])("refuses the window %j", (text) => {
    expect(problemsOf(() => parseTraceWindow(text))).toMatchObject([{ node: "--trace-window" }]);
  });
});

describe("--seed", () => {
  it("is an unsigned 32-bit integer", () => {
    expect(parseSeed("4294967295")).toBe(4294967295);
    expect(problemsOf(() => parseSeed("4294967296"))).toMatchObject([{ node: "--seed" }]);
    expect(problemsOf(() => parseSeed("-1"))).toMatchObject([{ node: "--seed" }]);
  });
});
