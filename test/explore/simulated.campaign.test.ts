import { it } from "vitest";
import { expectPredicted } from "./simulated.ts";

it("predicts the five fastest accelerators of the embedded network within 2 %", () =>
  expectPredicted(5, () => true));
