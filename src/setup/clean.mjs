/** Remembers which checks found nothing in exactly these files: they need not run again. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { capture } from "./run.mjs";

/**
 * The file that names a check and holds the fingerprint of what it was clean on.
 * @param {string} root
 * @param {string} check
 */
const recordOf = (root, check) => join(root, "node_modules", ".cache", "firebrick", `clean-${check}`);

/**
 * One string for everything that a check reads: Node, the installed packages, and each file that git does not ignore.
 * Null where git cannot list them.
 * @param {string} root the checkout
 * @returns {Promise<string | null>}
 */
export async function fingerprint(root) {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = await capture("git", list, "", root);
  if (listed?.status !== 0) return null;
  const hash = createHash("sha256").update(process.version);
  const files = listed.output.split("\0").filter((file) => file !== "");
  for (const file of ["node_modules/.package-lock.json", ...files.sort()]) {
    const content = read(join(root, file));
    hash.update(`\0${file}\0${content?.length ?? "absent"}\0`).update(content ?? "");
  }
  return hash.digest("hex");
}

/**
 * Whether the check found nothing in these files.
 * @param {string} root the checkout
 * @param {string} check
 * @param {string | null} print of its files
 * @returns {boolean}
 */
export function wasClean(root, check, print) {
  return print !== null && String(read(recordOf(root, check))) === print;
}

/**
 * @param {string} root the checkout
 * @param {string} check that found nothing
 * @param {string | null} print of its files
 */
export function noteClean(root, check, print) {
  if (print === null) return;
  mkdirSync(dirname(recordOf(root, check)), { recursive: true });
  writeFileSync(recordOf(root, check), print);
}

/**
 * @param {string} path
 * @returns {Buffer | null} null where there is no such file
 */
function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
