import { it } from "vitest";
import { expectNamed } from "./unseen.ts";

it("the embedded network names at least 95 % of 1200 unseen drawings", ({ annotate }) =>
  expectNamed(1200, annotate));
