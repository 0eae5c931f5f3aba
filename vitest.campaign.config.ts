import { defineConfig } from "vitest/config";
import { campaigns, shared } from "./vitest.config.ts";

/** What is large by nature, each beside its short form in `npm test`: CONTRIBUTING.md. */
export default defineConfig({
  ...shared,
  test: { ...shared.test, include: campaigns, testTimeout: 3_600_000, hookTimeout: 3_600_000 },
});
