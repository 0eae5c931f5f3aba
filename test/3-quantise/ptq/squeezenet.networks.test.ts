import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { squeezenetFolder } from "../../support/squeezenet.ts";
import { quantisedAgreement } from "./squeezenet.ts";

describe.runIf(existsSync(squeezenetFolder))("the real SqueezeNet", () => {
  // Two pictures are few: squeezenet.campaign.test.ts takes four, and asks for what that gives.
  it("quantised on two pictures, agrees with the float network on two others", async () => {
    const { agreed, quantisedSnrDb, snrDb } = await quantisedAgreement([1, 4], [0, 6]);
    expect(quantisedSnrDb).toBeGreaterThan(25);
    expect(agreed).toBe(2);
    expect(snrDb).toBeGreaterThan(13);
  });
});
