/** Compiles the TypeScript into dist/ and puts the `firebrick` command where npx finds it. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { script, show, SetupError } from "./run.mjs";

/** The checkout that this file belongs to. */
export const checkout = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * Builds into a folder of its own and renames it, so that a failed build leaves the last good one in place.
 * @param {string} root the checkout
 * @returns {Promise<void>}
 */
export async function build(root) {
  const started = new Date();
  const partial = join(root, "dist.partial");
  rmSync(partial, { recursive: true, force: true });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [compiler, "-p", join(root, "tsconfig.build.json"), "--outDir", partial];
  const status = await show(process.execPath, args, { cwd: root });
  if (status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    throw new SetupError("The TypeScript sources do not compile; the messages above say where.", status);
  }
  chmodSync(join(partial, "src", "cli.js"), 0o755);
  writeFileSync(join(partial, ".built"), "");
  // Sources saved while the compiler ran count as newer than the build.
  utimesSync(join(partial, ".built"), started, started);
  const dist = join(root, "dist");
  rmSync(dist, { recursive: true, force: true });
  renameSync(partial, dist);
  linkCommand(root);
}

/**
 * npm links the commands of dependencies only; this links the checkout's own, so that `npx firebrick` starts
 * without a copy in npx's cache.
 * @param {string} root
 */
function linkCommand(root) {
  const folder = join(root, "node_modules", ".bin");
  const link = join(folder, "firebrick");
  if (process.platform === "win32" || existsSync(link)) return;
  mkdirSync(folder, { recursive: true });
  rmSync(link, { force: true });
  symlinkSync("../../dist/src/cli.js", link);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await script(async () => {
    // `npm start` and `npm test` build by themselves after npm ci, so that a type error does not stop the setup.
    if (process.env["FIREBRICK_SETUP"] === undefined) await build(checkout);
    return 0;
  });
}
