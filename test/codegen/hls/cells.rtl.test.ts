import { it } from "vitest";
import { expectFewCells } from "./requantiser-cells.ts";

// Each family and each mode once; cells.campaign.test.ts has the other pairs.
it.each([
  ["requantise", "ice40"],
  ["requantiseFloat32", "xc7"],
] as const)("%s for %s needs at most a tenth more cells than the requantiser by hand", (name, family) =>
  expectFewCells(family, name),
);
