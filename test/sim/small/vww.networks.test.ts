import { existsSync } from "node:fs";
import { it } from "vitest";
import { expectAsGolden, model } from "./vww.ts";

// More inputs: vww.campaign.test.ts.
it.runIf(existsSync(model))("makes every layer of visual wake words as the golden model does", () =>
  expectAsGolden(["00"]),
);
