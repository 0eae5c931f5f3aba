/** Decides from file times what has to be made again. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * True when node_modules is missing or older than package-lock.json.
 * @param {string} root the checkout
 * @returns {boolean}
 */
export function isInstallStale(root) {
  const installed = join(root, "node_modules", ".package-lock.json");
  return !existsSync(installed) || modified(installed) < modified(join(root, "package-lock.json"));
}

/**
 * True when dist/ is missing or older than any source, so that a removed source counts too.
 * @param {string} root the checkout
 * @returns {boolean}
 */
export function isBuildStale(root) {
  const stamp = join(root, "dist", ".built");
  if (!existsSync(stamp)) return true;
  const built = modified(stamp);
  const files = ["tsconfig.json", "tsconfig.build.json", "package.json"].map((name) => join(root, name));
  const sources = ["src", "codegen", "sim", "hw/kernels"].flatMap((name) => walk(join(root, name)));
  return [...files, ...sources].some((path) => modified(path) > built);
}

/**
 * The folder, its folders, and its scripts. A folder's time changes when an entry comes or goes.
 * @param {string} folder
 * @returns {string[]}
 */
function walk(folder) {
  if (!existsSync(folder)) return [];
  const inside = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return /\.(ts|mjs)$/.test(entry.name) ? [path] : [];
  });
  return [folder, ...inside];
}

/**
 * @param {string} path
 * @returns {number} milliseconds
 */
function modified(path) {
  return statSync(path).mtimeMs;
}
