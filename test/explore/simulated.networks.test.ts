import { it } from "vitest";
import { expectPredicted } from "./simulated.ts";

// More of them, and without buffers of its own: simulated.campaign.test.ts.
it("predicts the fastest accelerator of the embedded network whose buffers it chose within 2 %", () =>
  expectPredicted(1, ({ buffers }) => buffers !== null));
