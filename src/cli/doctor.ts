import { MissingToolError } from "../ir/errors.ts";
import { installCommands } from "../setup/install.mjs";
import { capture } from "../setup/run.mjs";
import { checkTools, tools } from "../setup/tools.mjs";
import type { Run, ToolState } from "../setup/tools.mjs";
import { command } from "./command.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { option } from "./options.ts";
import { textTable } from "../report/text-table.ts";

interface Args {
  readonly json: boolean;
}

export const doctorCommand = command(
  (yargs) =>
    yargs
      .option("json", option.json)
      .example("$0 doctor", "table of tools; status 3 when `compile` or `simulate` lacks one"),
  (args, io) => runDoctor(args, io, capture),
);

/** Prints the state of every tool; throws MissingToolError when one that users need is missing or too old. */
export async function runDoctor(args: Args, io: Io, run: Run): Promise<void> {
  const states = await checkTools(tools, run);
  if (args.json) printJson(io, { node: process.versions.node, tools: states.map(asJson) });
  else io.out(`${formatTable(states)}\n`);
  const missing = states.filter(({ ok, tool }) => !ok && tool.neededBy === "compile and simulate");
  if (missing.length === 0) return;
  const lacking = missing.map((state) => state.tool);
  throw new MissingToolError(lacking.map((tool) => tool.name).join(", "), installCommands(lacking));
}

function asJson({ tool, version, ok }: ToolState) {
  return {
    name: tool.name,
    version,
    ok,
    neededBy: tool.neededBy,
    usedBy: tool.usedBy,
    install: installCommands([tool]),
  };
}

function formatTable(states: readonly ToolState[]): string {
  const node = ["node", process.versions.node, "everything", "nodejs", "node"];
  const rows = states.map(({ tool, version, ok }) => {
    const found = version === null ? "missing" : ok ? version : `${version}, too old`;
    return [
      tool.name,
      found,
      tool.usedBy,
      tool.apt,
      tool.brew ?? (tool.platform ? "" : "(xcode-select --install)"),
    ];
  });
  return textTable(["tool", "found", "used by", "apt-get install", "brew install"], [node, ...rows]);
}
