/** `npm run fuzz:graphs -- --seed S --runs N`: random graphs against an independent evaluation, a fifth through the hardware. */
import { parseArgs } from "node:util";
import { installMissing } from "./prepare.mjs";
import { script, SetupError, show } from "./run.mjs";
import { tools } from "./tools.mjs";

/**
 * @param {string} option
 * @param {string} value
 */
function count(option, value) {
  if (/^[1-9]\d{0,6}$/.test(value)) return value;
  throw new SetupError(`${option} is a number from 1 to 9999999, not ${value}.`, 2);
}

const text = /** @type {const} */ ({ type: "string" });

/** What follows `--`. */
function given() {
  try {
    return parseArgs({ options: { seed: { ...text, default: "1" }, runs: { ...text, default: "300" } } })
      .values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupError(`${reason}\nnpm run fuzz:graphs -- --seed S --runs N`, 2);
  }
}

await script(async () => {
  const { runs, seed } = given();
  const wanted = [count("--seed", seed), count("--runs", runs)].join(",");
  const cwd = await installMissing(tools);
  const args = ["run", "--config", "vitest.campaign.config.ts", "test/networks/graphs.campaign.test.ts"];
  const vitest = ["node_modules/vitest/vitest.mjs", ...args];
  return show(process.execPath, vitest, { cwd, env: { FIREBRICK_FUZZ: wanted } });
});
