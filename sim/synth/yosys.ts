/** Yosys: the system's, else the npm package @yowasp/yosys where it is installed. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MissingToolError } from "../../src/ir/errors.ts";
import { runTool, type ToolName } from "../tools/run-tool.ts";

export interface Yosys {
  /** Such as `Yosys 0.23 (git sha1 7ce5011c24b)`. */
  readonly version: string;
  /** Runs a script in `folder`. Throws ToolError, or the signal's reason. */
  readonly run: (script: string, folder: string, signal?: AbortSignal) => Promise<void>;
}

const install = "sudo apt-get install yosys (or npm install @yowasp/yosys)";
const system: ToolName = { command: "yosys", install };

/** Throws MissingToolError with both install commands. */
export async function findYosys(signal?: AbortSignal): Promise<Yosys> {
  const options = signal === undefined ? {} : { signal };
  const native = await runTool(system, ["-V"], options).catch((error: unknown) => {
    if (error instanceof MissingToolError) return null;
    throw error;
  });
  if (native !== null)
    return {
      version: native.stdout.trim().replace(/,.*$/, ""),
      async run(script, folder, abort) {
        await runTool(system, ["-q", "-p", script], { cwd: folder, ...(abort ? { signal: abort } : {}) });
      },
    };
  return yowasp(options);
}

/** Reads the folder into Yosys's own file system and writes back what it changed there. */
const runner = `
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
const [library, ...args] = process.argv.slice(1);
const { runYosys } = await import(library);
const text = (name) => readFileSync(name, "utf8");
const files = Object.fromEntries(readdirSync(".").filter((f) => statSync(f).isFile()).map((f) => [f, text(f)]));
const made = await runYosys(args, files);
for (const [name, content] of Object.entries(made)) if (content !== files[name] && typeof content !== "object") writeFileSync(name, content);
`;

function yowasp(options: { signal?: AbortSignal }): Yosys {
  const library = yowaspLibrary();
  if (library === null) throw new MissingToolError("yosys", install);
  const node: ToolName = { command: process.execPath, install };
  const call = (args: readonly string[], more: object) =>
    runTool(node, ["--input-type=module", "-e", runner, "--", library, ...args], { ...options, ...more });
  const { version } = createRequire(import.meta.url)(join(library, "package.json")) as { version: string };
  return {
    version: `@yowasp/yosys ${version}`,
    async run(script, folder, abort) {
      await call(["-q", "-p", script], { cwd: folder, ...(abort ? { signal: abort } : {}) });
    },
  };
}

/** The package's address: beside Firebrick, or in the folder in which the command runs. */
function yowaspLibrary(): string | null {
  const roots = [import.meta.url, pathToFileURL(join(process.cwd(), "package.json")).href];
  for (const root of roots) {
    for (const folder of createRequire(root).resolve.paths("@yowasp/yosys") ?? []) {
      const library = join(folder, "@yowasp", "yosys", "gen", "bundle.js");
      if (existsSync(library)) return pathToFileURL(library).href;
    }
  }
  return null;
}
