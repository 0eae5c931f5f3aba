/** What `npm start` and `npm test` have in common: npm packages, the build, the tools outside npm. */
import { build, checkout } from "./build.mjs";
import { ensureTools } from "./install.mjs";
import { capture, say, SetupError, show } from "./run.mjs";
import { isBuildStale, isInstallStale } from "./stale.mjs";

/**
 * Sets up what is missing and returns the checkout's folder. Throws SetupError; status 3 for a missing tool.
 * @param {readonly import("./tools.mjs").Tool[]} wanted
 * @returns {Promise<string>}
 */
export async function prepare(wanted) {
  if (isInstallStale(checkout)) {
    say("installing npm packages (npm ci)");
    const env = { ONNXRUNTIME_NODE_INSTALL: "skip" };
    const status = await show("npm", ["ci", "--no-audit", "--no-fund"], { cwd: checkout, env });
    if (status !== 0) throw new SetupError(`npm ci failed with status ${status}.`, status);
  }
  if (isBuildStale(checkout)) {
    say("compiling the TypeScript sources");
    await build(checkout);
  }
  await ensureTools(wanted, { run: capture, show, say, root: process.getuid?.() === 0 });
  return checkout;
}
