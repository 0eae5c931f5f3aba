import { existsSync } from "node:fs";
import { it } from "vitest";
import { squeezenetFolder } from "../support/squeezenet.ts";
import { expectFloatLogits } from "./float-logits.ts";

it.runIf(existsSync(squeezenetFolder))("SqueezeNet v1.0 equals float_logits on the other packed inputs", () =>
  expectFloatLogits([0, 1, 2, 3, 5, 6, 7, 8, 9]),
);
