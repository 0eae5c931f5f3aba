/**
 * `npm test`: sets up and builds, then lint, format and types side by side, then all tests. Every check runs, even after one
 * that failed, but for those that were clean on the same files before; vitest comes last so that its summary ends the output.
 */
import { fingerprint, noteClean, wasClean } from "./clean.mjs";
import { buildIfStale, installMissing } from "./prepare.mjs";
import { capture, say, script, SetupError, show } from "./run.mjs";
import { tools } from "./tools.mjs";

/** @type {readonly { name: string, args: readonly string[] }[]} */
const checks = [
  { name: "lint", args: ["node_modules/eslint/bin/eslint.js", "."] },
  { name: "format", args: ["node_modules/prettier/bin/prettier.cjs", "--check", "."] },
  { name: "types", args: ["node_modules/typescript/bin/tsc", "--noEmit"] },
];

/** @param {typeof checks} list */
const namesOf = (list) => list.map(({ name }) => name).join(", ");

await script(async () => {
  const cwd = await installMissing(tools);
  /** @type {string[]} */
  const failed = [];
  // Some tests run the built command.
  await buildIfStale().catch((/** @type {unknown} */ error) => {
    if (!(error instanceof SetupError)) throw error;
    failed.push("build");
    say(error.message);
  });
  const print = await fingerprint(cwd);
  const rest = checks.filter(({ name }) => !wasClean(cwd, name, print));
  const before = checks.filter((check) => !rest.includes(check));
  if (before.length > 0) say(`clean on the same files before: ${namesOf(before)}`);
  if (rest.length > 0) say(`checking ${namesOf(rest)}`);
  await Promise.all(
    rest.map(async ({ name, args }) => {
      const result = await capture(process.execPath, args, "", cwd);
      if (result?.status === 0) return;
      failed.push(name);
      process.stdout.write(result?.output ?? "");
    }),
  );
  // Of files that somebody changes meanwhile, nobody knows which of them a check has read.
  if ((await fingerprint(cwd)) === print)
    for (const { name } of checks) if (!failed.includes(name)) noteClean(cwd, name, print);
  say(failed.length === 0 ? "build, lint, format and types are clean" : `FAILED: ${failed.join(", ")}`);
  const tests = ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)];
  const status = await show(process.execPath, tests, { cwd });
  return failed.length > 0 ? 1 : status;
});
