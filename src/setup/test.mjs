/**
 * `npm test`: sets up, then lint, format, types and all tests. Every stage runs, even after one that failed;
 * vitest comes last so that its summary ends the output.
 */
import { installMissing } from "./prepare.mjs";
import { say, script, show } from "./run.mjs";
import { tools } from "./tools.mjs";

/** @type {readonly { name: string, args: readonly string[] }[]} */
const stages = [
  // Some tests run the built command.
  { name: "build", args: ["src/setup/build.mjs"] },
  { name: "lint", args: ["node_modules/eslint/bin/eslint.js", "."] },
  { name: "format", args: ["node_modules/prettier/bin/prettier.cjs", "--check", "."] },
  { name: "types", args: ["node_modules/typescript/bin/tsc", "--noEmit"] },
];

await script(async () => {
  const cwd = await installMissing(tools);
  /** @type {string[]} */
  const failed = [];
  for (const { name, args } of stages) {
    say(`checking ${name}`);
    if ((await show(process.execPath, args, { cwd })) !== 0) failed.push(name);
  }
  say(failed.length === 0 ? "build, lint, format and types are clean" : `FAILED: ${failed.join(", ")}`);
  const tests = ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)];
  const status = await show(process.execPath, tests, { cwd });
  return failed.length > 0 ? 1 : status;
});
