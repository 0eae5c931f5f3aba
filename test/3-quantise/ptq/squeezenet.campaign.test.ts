import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { squeezenetFolder } from "../../support/squeezenet.ts";
import { quantisedAgreement } from "./squeezenet.ts";

describe.runIf(existsSync(squeezenetFolder))("the real SqueezeNet", () => {
  it("quantised on four pictures, agrees with the float network on ten", async () => {
    const all = Array.from({ length: 10 }, (_, i) => i);
    const { agreed, quantisedSnrDb, snrDb } = await quantisedAgreement([1, 4, 6, 9], all);
    expect(quantisedSnrDb).toBeGreaterThan(25);
    expect(agreed).toBeGreaterThanOrEqual(9);
    // Against ONNX Runtime's logits, on pictures of which six were not calibrated on.
    expect(snrDb).toBeGreaterThan(22);
  });
});
