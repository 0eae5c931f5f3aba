import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // As in package.json and tsconfig.json: a kernel imports what an operator is written with by the package's name.
  resolve: { alias: { "firebrick/hls": fileURLToPath(new URL("src/hls/index.ts", import.meta.url)) } },
  test: {
    include: ["test/**/*.test.ts"],
    // Processes, not threads: a verilated bench lives in a native library that one thread cannot unload.
    pool: "forks",
    maxWorkers: 2,
    // A bench builds a verilated model first, and whole networks simulate for minutes.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
