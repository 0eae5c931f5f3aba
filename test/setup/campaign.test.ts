import { expect, it } from "vitest";
import { wantedOf } from "../../src/setup/campaign.mjs";
import { SetupError } from "../../src/setup/run.mjs";

it("reads what follows --, with defaults", () => {
  expect(wantedOf("fuzz", [], 2000)).toEqual({ runs: 2000, seed: 1 });
  expect(wantedOf("fuzz", ["--runs", "40", "--seed=123456789"], 2000)).toEqual({ runs: 40, seed: 123456789 });
});

it.each([
  [["--run", "4"], "npm run fuzz -- --runs N --seed S"],
  [["--help"], "npm run fuzz -- --runs N --seed S"],
  [["4"], "npm run fuzz -- --runs N --seed S"],
  [["--runs", "0"], "--runs is a number from 1 to 9999999, not 0."],
  [["--runs", "1e3"], "--runs is a number from 1 to 9999999, not 1e3."],
  [["--seed", "4294967296"], "--seed is a number from 1 to 4294967295, not 4294967296."],
])("refuses %j with status 2", (args, message) => {
  let thrown: unknown;
  try {
    wantedOf("fuzz", args, 2000);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(SetupError);
  expect(thrown).toMatchObject({ status: 2, message: expect.stringContaining(message) as string });
});
