/** `--no-code`: no TypeScript that the command line names is run. */
import { InputError } from "../ir/errors.ts";
import type { Problem } from "../ir/errors.ts";

export const noCodeOption = {
  type: "boolean",
  global: true,
  default: false,
  describe: "refuse networks and kernels in TypeScript: they run with all rights of this command",
} as const;

/** Arguments of commands that may name TypeScript; `file` is the kernel of `hls`, whatever its ending. */
const NAMING = ["model", "models", "file", "activation"] as const;

/** Throws InputError `code-refused` with every network and kernel that would be run, before any is. */
export function refuseCode(args: Readonly<Record<string, unknown>>): void {
  if (args["no-code"] !== true) return;
  const problems = NAMING.flatMap((key) => {
    const named = [args[key]].flat().filter((value) => typeof value === "string");
    return named.filter((value) => key === "file" || /\.ts(#\w*)?$/i.test(value)).map(problem);
  });
  if (problems.length > 0) throw new InputError(problems);
}

function problem(node: string): Problem {
  return {
    code: "code-refused",
    node,
    found: "TypeScript, which would run with all rights of this command",
    supported: "models without code, with --no-code",
    fix: "read the file, then leave --no-code out if you trust it",
  };
}
