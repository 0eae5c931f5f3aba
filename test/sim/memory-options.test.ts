import { describe, expect, it } from "vitest";
import { defaultMemory, parseMemoryOptions } from "../../sim/memory-options.ts";
import { parseWindow } from "../../sim/waveform.ts";
import { InputError } from "../../src/ir/errors.ts";

function problemsOf(text: string): readonly { readonly found: string; readonly fix: string }[] {
  try {
    parseMemoryOptions(text);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe("memory options", () => {
  it("keep their defaults", () => {
    expect(parseMemoryOptions("")).toEqual(defaultMemory);
    expect(parseMemoryOptions("bytes=8, latency=100")).toEqual({ ...defaultMemory, bytes: 8, latency: 100 });
  });

  it("may all be given", () => {
    const text = "bytes=4.5,latency=1,outstanding=2,refresh=7800:40,random=10,seed=9,error=write:5";
    expect(parseMemoryOptions(text)).toEqual({
      bytes: 4.5,
      latency: 1,
      outstanding: 2,
      refresh: { period: 7800, length: 40 },
      random: 10,
      seed: 9,
      error: { direction: "write", burst: 5 },
    });
  });

  it("say what a failed read brings, and how addresses are taken", () => {
    expect(parseMemoryOptions("error=read:5:stale").error).toEqual({
      direction: "read",
      burst: 5,
      data: "stale",
    });
    expect(parseMemoryOptions("error=read:5:random:16").error).toEqual({
      ...{ direction: "read", burst: 5, data: "random", beat: 16 },
    });
    expect(parseMemoryOptions("slave=serial").slave).toBe("serial");
    expect(parseMemoryOptions("slave=joint").slave).toBe("joint");
    for (const bad of [
      "slave=parallel",
      "error=write:5:stale",
      "error=read:5:true",
      "error=read:5:stale:0",
      "error=read:5:stale:1:2",
    ])
      expect(problemsOf(bad)).toHaveLength(1);
  });

  it("are refused part by part", () => {
    const text = "bytes=0,latency=x,outstanding=1.5,refresh=40:7800,random=96,error=both:1,speed=3,seed";
    expect(problemsOf(text).map((problem) => problem.found)).toEqual(text.split(","));
    expect(problemsOf("latency=0")[0]?.fix).toBe("give latency a whole number from 1 to 100000");
    expect(problemsOf("speed=3")[0]?.fix).toContain("bytes=8,latency=40");
    for (const bad of [
      "refresh=1:2:3",
      "refresh=5:5",
      "error=read:0",
      "error=read:1:2",
      "bytes=",
      "bytes=-1",
      "random=1e1",
    ])
      expect(problemsOf(bad)).toHaveLength(1);
  });
});

describe("waveform windows", () => {
  it("are two cycles in order", () => {
    expect(parseWindow("0:12")).toEqual({ from: 0, to: 12 });
    for (const bad of ["12", "5:4", "a:b", "1:2:3"]) expect(() => parseWindow(bad)).toThrow(InputError);
  });
});
