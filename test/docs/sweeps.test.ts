import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { separableCost } from "../../sim/figures/sweeps.ts";
import { packagePath } from "../../src/platform/package.ts";

it("depthwise separable convolutions cost 1/N + 1/9, and docs/sweeps.md says so", () => {
  const page = readFileSync(packagePath("docs", "sweeps.md"), "utf8");
  for (const channels of [16, 64]) {
    const { cycles, formula, macs } = separableCost(channels);
    expect(macs).toBeCloseTo(formula, 12);
    const cells = [formula, macs, cycles].map((share) => share.toFixed(4));
    expect(page).toMatch(new RegExp(`^\\| ${channels} +\\| ${cells.join(" +\\| ")} +\\|$`, "m"));
  }
});
