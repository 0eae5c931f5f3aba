/** What `npm start` and `npm test` have in common: npm packages, tools outside npm, the build. */
import { build, checkout } from "./build.mjs";
import { ensureTools } from "./install.mjs";
import { capture, say, SetupError, show } from "./run.mjs";
import { isBuildStale, isInstallStale } from "./stale.mjs";

/**
 * Installs the npm packages and tools that are missing and returns the checkout's folder. Throws SetupError; status 3
 * for a tool that cannot be installed.
 * @param {readonly import("./tools.mjs").Tool[]} wanted
 * @returns {Promise<string>}
 */
export async function installMissing(wanted) {
  if (isInstallStale(checkout)) {
    say("installing npm packages (npm ci)");
    const env = { ONNXRUNTIME_NODE_INSTALL: "skip", FIREBRICK_SETUP: "1" };
    const status = await show("npm", ["ci", "--no-audit", "--no-fund"], { cwd: checkout, env });
    if (status !== 0) throw new SetupError(`npm ci failed with status ${status}.`, status);
  }
  await ensureTools(wanted, { run: capture, show, say, root: process.getuid?.() === 0 });
  return checkout;
}

/**
 * Builds dist/ when a source is newer. Throws SetupError when the sources do not compile.
 * @returns {Promise<void>}
 */
export async function buildIfStale() {
  if (!isBuildStale(checkout)) return;
  say("compiling the TypeScript sources");
  await build(checkout);
}
