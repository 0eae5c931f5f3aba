/** nextpnr-ice40, which places and routes. */
import { runTool, type ToolName } from "../tools/run-tool.ts";

export const nextpnr: ToolName = {
  command: "nextpnr-ice40",
  install: "sudo apt-get install nextpnr-ice40",
};

/** Throws MissingToolError without it. */
export async function nextpnrVersion(signal?: AbortSignal): Promise<string> {
  const { stderr, stdout } = await runTool(nextpnr, ["--version"], signal ? { signal } : {});
  return `nextpnr-ice40 ${/Version (\S+?)\)/.exec(stdout + stderr)?.[1] ?? "of unknown version"}`;
}
