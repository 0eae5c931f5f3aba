/** Yosys: the system's, else the npm package @yowasp/yosys where it is installed. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MissingToolError } from "../../src/ir/errors.ts";
import { runTool, type ToolName, type ToolOutput } from "../tools/run-tool.ts";

export interface Yosys {
  /** Such as `Yosys 0.23 (git sha1 7ce5011c24b)`. */
  readonly version: string;
  /** Runs a script in `folder`; its warnings, each once. Throws ToolError, or the signal's reason. */
  readonly run: (script: string, folder: string, signal?: AbortSignal) => Promise<readonly string[]>;
}

const install = "sudo apt-get install yosys (or npm install @yowasp/yosys)";
const system: ToolName = { command: "yosys", install };

/** Where @yowasp/yosys may be: beside Firebrick, or beside the folder in which the command runs. */
const packageRoots = (): readonly string[] => [
  import.meta.url,
  pathToFileURL(join(process.cwd(), "package.json")).href,
];

export interface YosysSearch {
  readonly signal?: AbortSignal | undefined;
  /** Of searches for the npm package. */
  readonly roots?: readonly string[];
  /** The npm package before the system's. */
  readonly preferPackage?: boolean;
}

/** Throws MissingToolError with both install commands. */
export async function findYosys({ preferPackage, roots, signal }: YosysSearch = {}): Promise<Yosys> {
  const options = signal === undefined ? {} : { signal };
  const folder = yowaspFolder(roots ?? packageRoots());
  if (preferPackage === true && folder !== null) return yowasp(options, folder);
  const native = await runTool(system, ["-V"], options).catch((error: unknown) => {
    if (error instanceof MissingToolError) return null;
    throw error;
  });
  if (native !== null)
    return {
      version: native.stdout.trim().replace(/,.*$/, ""),
      async run(script, folder, abort) {
        const more = abort ? { signal: abort } : {};
        return warningsOf(await runTool(system, ["-q", "-p", script], { cwd: folder, ...more }));
      },
    };
  if (folder === null) throw new MissingToolError("yosys", install);
  return yowasp(options, folder);
}

function warningsOf({ stderr, stdout }: ToolOutput): readonly string[] {
  const lines = `${stdout}\n${stderr}`.matchAll(/^(?:.*: )?Warning: (.*)$/gm);
  return [...new Set([...lines].map(([, text = ""]) => text))];
}

/** Reads the folder into Yosys's own file system and writes back what it changed there, folders in it apart. */
const runner = `
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
const [library, ...args] = process.argv.slice(1);
const { runYosys } = await import(library);
const read = (folder) => Object.fromEntries(readdirSync(folder, { withFileTypes: true }).map((f) => {
  const path = folder + "/" + f.name;
  return [f.name, f.isDirectory() ? read(path) : readFileSync(path, "utf8")];
}));
const files = read(".");
const made = await runYosys(args, files);
for (const [name, content] of Object.entries(made)) if (content !== files[name] && typeof content !== "object") writeFileSync(name, content);
`;

function yowasp(options: { signal?: AbortSignal }, folder: string): Yosys {
  const node: ToolName = { command: process.execPath, install };
  const library = pathToFileURL(join(folder, "gen", "bundle.js")).href;
  const call = (args: readonly string[], more: object) =>
    runTool(node, ["--input-type=module", "-e", runner, "--", library, ...args], { ...options, ...more });
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return {
    version: `@yowasp/yosys ${version}`,
    async run(script, cwd, abort) {
      return warningsOf(await call(["-q", "-p", script], { cwd, ...(abort ? { signal: abort } : {}) }));
    },
  };
}

/** The package's folder. */
function yowaspFolder(roots: readonly string[]): string | null {
  for (const root of roots)
    for (const modules of createRequire(root).resolve.paths("@yowasp/yosys") ?? []) {
      const folder = join(modules, "@yowasp", "yosys");
      if (existsSync(join(folder, "gen", "bundle.js"))) return folder;
    }
  return null;
}
