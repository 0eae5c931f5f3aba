import { it } from "vitest";
import { expectFewCells } from "./requantiser-cells.ts";

it.each([
  ["requantise", "xc7"],
  ["requantiseFloat32", "ice40"],
  ["requantiseFloat32", "xc7"],
] as const)("%s for %s needs at most a tenth more cells than the requantiser by hand", (name, family) =>
  expectFewCells(family, name),
);
