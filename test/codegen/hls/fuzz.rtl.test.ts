import { expect, it } from "vitest";
import { differences, expectEveryConstruct } from "./fuzz/differences.ts";
import { randomProgram } from "./fuzz/program.ts";

/** They share one file and one simulation; fuzz.campaign.test.ts has 2000. */
const programs = Array.from({ length: 150 }, (_, seed) => randomProgram(seed));

it("random programs give the same in Verilog and in Node", async () => {
  expect(await differences(programs)).toEqual([]);
});

it("reaches every construct of the language", () => expectEveryConstruct(programs, 1));
