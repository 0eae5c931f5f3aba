import { describe, expect, it } from "vitest";
import {
  parseArray,
  parseMemory,
  parseSeed,
  parseSparse,
  parseStage,
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

  it.each(["8", "8x", "x8", "8X8", "8x8x8", "8x8 ", ""])("refuses %j", (text) => {
    expect(problemsOf(() => parseArray(text))).toMatchObject([{ node: "--array", found: `"${text}"` }]);
  });

  it("refuses to be given twice", () => {
    expect(problemsOf(() => parseArray(["8x8", "4x4"]))).toMatchObject([
      { node: "--array", found: "2 values" },
    ]);
  });
});

describe("--sparse", () => {
  it("is always or never", () => {
    expect([parseSparse("always"), parseSparse("never")]).toEqual([true, false]);
    expect(problemsOf(() => parseSparse("yes"))).toMatchObject([{ node: "--sparse", found: '"yes"' }]);
  });
});

describe("--memory", () => {
  it("fills in defaults", () => {
    expect(parseMemory("bytes=8,latency=3")).toMatchObject({ bytes: 8, latency: 3, outstanding: 16 });
  });

  it("names all that is wrong at once", () => {
    expect(problemsOf(() => parseMemory("bytes=0,speed=1"))).toMatchObject([
      { found: "bytes=0" },
      { found: "speed=1" },
    ]);
  });

  it("refuses to be given twice", () => {
    expect(problemsOf(() => parseMemory(["bytes=8", "bytes=16"]))).toMatchObject([{ node: "--memory" }]);
  });
});

describe("--trace-window", () => {
  it("is a range of cycles", () => {
    expect(parseTraceWindow("10:20")).toEqual({ from: 10, to: 20 });
    expect(problemsOf(() => parseTraceWindow("20:10"))).toMatchObject([{ node: "--trace-window" }]);
  });
});

describe("--dump-after", () => {
  it("is a stage of the way to the integer graph", () => {
    expect(parseStage("fold-pad")).toBe("fold-pad");
    expect(problemsOf(() => parseStage("fold"))).toMatchObject([{ node: "--dump-after", found: '"fold"' }]);
  });
});

describe("--seed", () => {
  it("is an unsigned 32-bit integer", () => {
    expect(parseSeed("4294967295")).toBe(4294967295);
    expect(problemsOf(() => parseSeed("4294967296"))).toMatchObject([{ node: "--seed" }]);
    expect(problemsOf(() => parseSeed("-1"))).toMatchObject([{ node: "--seed" }]);
  });
});
