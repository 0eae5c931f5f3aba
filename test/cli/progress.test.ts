import { expect, it } from "vitest";
import { leftText } from "../../src/cli/progress.ts";

it("says how long work takes as people do", () => {
  expect([0, 59, 60, 89, 90, 600].map(leftText)).toEqual([
    "less than a minute",
    "less than a minute",
    "a minute",
    "a minute",
    "2 minutes",
    "10 minutes",
  ]);
});
