import { tmpdir } from "node:os";
import { execa } from "execa";
import { FileSystemError, MissingToolError } from "../../src/ir/errors.ts";
import { noteGroup } from "./owned-folder.ts";

const FREE = "free space there and in the folder of temporary files";

/** A program of the simulation, and how a user gets it. */
export interface ToolName {
  readonly command: string;
  readonly install: string;
}

export interface ToolOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** The owned folder that it works for: if this process is killed, the next run ends the program. */
  readonly owner?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface ToolOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A tool that ran and failed; `output` is everything it printed. */
export class ToolError extends Error {
  readonly output: string;

  constructor(command: string, output: string) {
    super(`${command} failed:\n${output}`);
    this.name = "ToolError";
    this.output = output;
  }
}

/**
 * Runs a program to its end, in a process group of its own, so that an abort also ends what the program has started
 * (a compiler driver does not stop its compiler). Throws MissingToolError when there is no such program, ToolError
 * when it fails, the signal's reason when it was aborted.
 */
export async function runTool(
  tool: ToolName,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolOutput> {
  options.signal?.throwIfAborted();
  const child = execa(tool.command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    detached: true,
    reject: false,
    stdin: "ignore",
  });
  const release = endWithUs(child.pid, options.signal);
  try {
    if (options.owner !== undefined && child.pid !== undefined) noteGroup(options.owner, child.pid);
    const result = await child;
    options.signal?.throwIfAborted();
    if (result.code === "ENOENT") throw new MissingToolError(tool.command, tool.install);
    const full = /No space left on device|Read-only file system|Disk quota exceeded/.exec(result.stderr);
    if (result.failed && full)
      throw new FileSystemError(
        options.owner ?? options.cwd ?? tmpdir(),
        `${tool.command}: ${full[0]}`,
        FREE,
      );
    if (result.failed)
      throw new ToolError(
        tool.command,
        `${result.stdout}\n${result.stderr}`.trim() || (result.shortMessage ?? ""),
      );
    return { exitCode: result.exitCode ?? 0, stdout: result.stdout, stderr: result.stderr };
  } finally {
    release();
  }
}

/**
 * Ends the process group `pid` when `signal` aborts or this process exits.
 * Returns what takes the listeners away again.
 */
export function endWithUs(pid: number | undefined, signal?: AbortSignal): () => void {
  if (pid === undefined) return () => undefined;
  const end = () => {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The group has ended by itself.
    }
  };
  signal?.addEventListener("abort", end, { once: true });
  process.once("exit", end);
  return () => {
    signal?.removeEventListener("abort", end);
    process.removeListener("exit", end);
  };
}
