import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const rtl = ["test/rtl/**/*.test.ts", "test/**/*.rtl.test.ts"];
const networks = ["test/networks/**/*.test.ts", "test/cli/**/*.test.ts", "test/**/*.networks.test.ts"];
/** What takes minutes: `npm run campaign`, by vitest.campaign.config.ts. */
export const campaigns = ["test/**/*.campaign.test.ts"];

const inProject = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What every run of tests has in common. */
export const shared = {
  // As in package.json and tsconfig.json: a kernel imports what an operator is written with by the package's name.
  resolve: { alias: { "firebrick/hls": inProject("src/hls/index.ts") } },
  test: {
    // Processes, not threads: a verilated bench lives in a native library that one thread cannot unload.
    pool: "forks",
    maxWorkers: 2,
    // Each worker imports the sources once: tests leave nothing behind for each other.
    isolate: false,
  },
} as const;

export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    // Which tests belong to which project, and what for: CONTRIBUTING.md.
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...rtl, ...networks, ...campaigns],
          setupFiles: ["test/support/no-processes.ts"],
          testTimeout: 10_000,
          hookTimeout: 10_000,
        },
      },
      {
        extends: true,
        // A bench builds a verilated model first.
        test: { name: "rtl", include: rtl, exclude: campaigns, testTimeout: 600_000, hookTimeout: 600_000 },
      },
      {
        extends: true,
        // Whole networks simulate for minutes.
        test: {
          name: "networks",
          include: networks,
          exclude: campaigns,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
