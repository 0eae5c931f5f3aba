import { it } from "vitest";
import { expectFewCells } from "./requantiser-cells.ts";

// cells.campaign.test.ts has the float mode and the other family.
it("requantise for ice40 needs at most a tenth more cells than the requantiser by hand", () =>
  expectFewCells("ice40", "requantise"));
