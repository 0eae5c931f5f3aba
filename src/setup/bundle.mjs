/** Scripts of test/ that run in a process of their own, outside vitest. */
import { join } from "node:path";

/**
 * Turns TypeScript, and all that it imports of the project, into JavaScript: each module a file of its own at its place below
 * build/trust, where it finds what lies beside it.
 * @param {string} root the checkout
 * @param {string} entry from there
 * @returns {Promise<string>} the entry's path as JavaScript
 */
export async function bundle(root, entry) {
  // Installed by `npm ci`, which may have run just now.
  const { rolldown } = await import("rolldown");
  const made = await rolldown({
    input: join(root, entry),
    platform: "node",
    logLevel: "silent",
    resolve: { alias: { "firebrick/hls": join(root, "src", "hls", "index.ts") } },
    // What npm installed stays where it is.
    external: /^(?!firebrick\/)[^./]/,
  });
  const dir = join(root, "build", "trust");
  await made.write({
    dir,
    format: "esm",
    preserveModules: true,
    preserveModulesRoot: root,
    entryFileNames: "[name].js",
  });
  await made.close();
  return join(dir, entry.replace(/\.ts$/, ".js"));
}
