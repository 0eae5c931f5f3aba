/** What the commands of the campaigns have in common: their options, and starting them. */
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { installMissing } from "./prepare.mjs";
import { SetupError, show } from "./run.mjs";
import { tools } from "./tools.mjs";

/** @typedef {{ readonly runs: number, readonly seed: number }} Wanted */

/**
 * What follows `--` on the command line: `--runs N` and `--seed S`. Throws SetupError.
 * @param {string} name of the command
 * @param {readonly string[]} args
 * @param {number} runs without `--runs`
 * @returns {Wanted}
 */
export function wantedOf(name, args, runs) {
  const usage = `npm run ${name} -- --runs N --seed S`;
  const text = /** @type {const} */ ({ type: "string" });
  const options = { runs: { ...text, default: String(runs) }, seed: { ...text, default: "1" } };
  try {
    const { values } = parseArgs({ args: [...args], options });
    return { runs: number("--runs", values.runs, 1e7), seed: number("--seed", values.seed, 2 ** 32) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupError(`${reason}\n${usage}`, 2);
  }
}

/**
 * @param {string} option
 * @param {string} value
 * @param {number} limit
 */
function number(option, value, limit) {
  const found = /^\d{1,10}$/.test(value) ? Number(value) : 0;
  if (found >= 1 && found < limit) return found;
  throw new SetupError(`${option} is a number from 1 to ${limit - 1}, not ${value}.`, 2);
}

/**
 * Runs a script of test/ with the numbers as its words. Returns its exit status.
 * @param {string} entry
 * @param {Wanted} wanted
 * @returns {Promise<number>}
 */
export function runCampaign(entry, { runs, seed }) {
  return runScript(entry, [String(runs), String(seed)]);
}

/**
 * Runs a script of test/. Returns its exit status.
 * @param {string} entry
 * @param {readonly string[]} words
 * @returns {Promise<number>}
 */
export async function runScript(entry, words) {
  const cwd = await installMissing(tools);
  const file = await bundle(cwd, entry);
  return show(process.execPath, [file, ...words], { cwd });
}
