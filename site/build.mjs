/** `npm run site`: the docs with a search, and the playground, as files for any static host, in build/site. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { rolldown } from "rolldown";
import { build } from "../src/setup/build.mjs";
import { isBuildStale } from "../src/setup/stale.mjs";
import { docsPages, page } from "./docs.mjs";

const root = resolve(import.meta.dirname, "..");

/** Texts that the worker has to have, and the embedded network. */
const TEXTS = [
  "package.json",
  "templates",
  "hw/bench",
  "hw/boards",
  "hw/kernels",
  "hw/resources",
  "hw/rtl",
  "hw/yosys",
  "dist/src/hls/index.d.ts",
];
/** How the playground's sources name the API. */
const FIREBRICK = "../../src/";
const BYTES = ["src/zoo/pictures/pictures.tflite", "src/zoo/pictures/labels.json"];

/**
 * Writes the site into `folder`, which is emptied.
 * @param {string} folder
 */
export async function buildSite(folder) {
  if (isBuildStale(root)) await build(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "playground"), { recursive: true });
  const { pages, sections } = docsPages(join(root, "docs"));
  for (const [name, text] of pages) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "sections.json"), JSON.stringify(sections));
  writeFileSync(
    join(folder, "playground.html"),
    page("Playground", readFileSync(join(root, "site", "playground.html"), "utf8")),
  );
  cpSync(join(root, "site", "style.css"), join(folder, "style.css"));
  cpSync(join(root, "docs", "images"), join(folder, "images"), { recursive: true });
  for (const name of readdirSync(join(root, "docs")))
    if (name.endsWith(".svg")) cpSync(join(root, "docs", name), join(folder, name));
  writeFileSync(join(folder, "playground", "package-files.json"), JSON.stringify(packageFiles()));
  await bundle("site/search.ts", folder, "search.js");
  await bundle("site/playground/page.ts", join(folder, "playground"), "page.js");
  await bundle("site/playground/worker.ts", join(folder, "playground"), "worker.js");
}

/** By their path in the package: texts, and bytes in base64. */
function packageFiles() {
  /** @type {Record<string, string>} */
  const texts = {};
  /** @param {string} path */
  const add = (path) => {
    if (statSync(join(root, path)).isDirectory())
      for (const name of readdirSync(join(root, path))) add(`${path}/${name}`);
    else texts[path] = readFileSync(join(root, path), "utf8");
  };
  for (const path of TEXTS) add(path);
  const bytes = Object.fromEntries(
    BYTES.map((path) => [path, readFileSync(join(root, path)).toString("base64")]),
  );
  return { texts, bytes };
}

/**
 * A script for browsers, and pieces beside it that are loaded when they are used. Firebrick itself comes from dist, where the field
 * `browser` of package.json names the modules that browsers get.
 * @param {string} entry
 * @param {string} folder
 * @param {string} name
 */
async function bundle(entry, folder, name) {
  const made = await rolldown({
    input: join(root, entry),
    platform: "browser",
    logLevel: "silent",
    plugins: [
      {
        name: "dist",
        resolveId: (id, importer) =>
          importer?.startsWith(join(root, "site")) && id.startsWith(FIREBRICK)
            ? join(root, "dist", "src", id.slice(FIREBRICK.length).replace(/\.ts$/, ".js"))
            : null,
      },
    ],
  });
  await made.write({
    dir: folder,
    format: "es",
    minify: true,
    entryFileNames: name,
    chunkFileNames: "[name]-[hash].js",
  });
  await made.close();
}

if (process.argv[1] === import.meta.filename) {
  const folder = join(root, "build", "site");
  await buildSite(folder);
  process.stdout.write(
    `${join("build", "site")}: open index.html through any web server, such as npx http-server build/site\n`,
  );
}
