import { expect, it } from "vitest";
import { differences, expectEveryConstruct } from "./fuzz/differences.ts";
import { randomProgram } from "./fuzz/program.ts";

/** Programs that share one file and one simulation. */
const batch = 250;
const programs = Array.from({ length: 2000 }, (_, seed) => randomProgram(seed));

it.each(Array.from({ length: programs.length / batch }, (_, i) => i * batch))(
  "random programs from seed %i give the same in Verilog and in Node",
  async (first) => {
    expect(await differences(programs.slice(first, first + batch))).toEqual([]);
  },
);

it("reaches every construct of the language", () => expectEveryConstruct(programs, 10));
