import { it } from "vitest";
import { examples, expectKernelsEqual, shipped } from "./check-folder.ts";

it.each([
  ["the examples", examples, 30, 100_000],
  ["the accelerator's kernels", shipped, 9, 100_000],
])("%s equal their functions on many operands", (_name, source, least, count) =>
  expectKernelsEqual(source, least, count),
);
