/**
 * `npm test`: sets up and builds, then lint, format and types side by side, then all tests. Every check runs, even after one
 * that failed; vitest comes last so that its summary ends the output.
 */
import { installMissing } from "./prepare.mjs";
import { capture, say, script, show } from "./run.mjs";
import { tools } from "./tools.mjs";

/** @type {readonly { name: string, args: readonly string[] }[]} */
const checks = [
  { name: "lint", args: ["node_modules/eslint/bin/eslint.js", "."] },
  { name: "format", args: ["node_modules/prettier/bin/prettier.cjs", "--check", "."] },
  { name: "types", args: ["node_modules/typescript/bin/tsc", "--noEmit"] },
];

await script(async () => {
  const cwd = await installMissing(tools);
  /** @type {string[]} */
  const failed = [];
  say("building");
  // Some tests run the built command.
  if ((await show(process.execPath, ["src/setup/build.mjs"], { cwd })) !== 0) failed.push("build");
  say(`checking ${checks.map(({ name }) => name).join(", ")}`);
  await Promise.all(
    checks.map(async ({ name, args }) => {
      const result = await capture(process.execPath, args, "", cwd);
      if (result?.status === 0) return;
      failed.push(name);
      process.stdout.write(result?.output ?? "");
    }),
  );
  say(failed.length === 0 ? "build, lint, format and types are clean" : `FAILED: ${failed.join(", ")}`);
  const tests = ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)];
  const status = await show(process.execPath, tests, { cwd });
  return failed.length > 0 ? 1 : status;
});
