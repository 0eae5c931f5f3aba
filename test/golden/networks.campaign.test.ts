import { describe, it } from "vitest";
import { expectLogits, modelsExist, networks } from "./packed.ts";

describe.runIf(modelsExist)("the golden model equals TFLite's reference kernels", () => {
  it.each(networks)("$name: the logits of the other packed inputs, byte for byte", (network) =>
    expectLogits(network, 1, network.packed),
  );
});
