import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../../src/cli/io.ts";
import { runCli } from "../../src/cli/run.ts";

/** What a command line did. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
export async function firebrick(...args: readonly string[]): Promise<Outcome> {
  const { io, outcome } = recordingIo();
  return outcome(await runCli(args, io));
}

/** An Io that remembers what was printed. */
export function recordingIo(signal: AbortSignal = new AbortController().signal): {
  readonly io: Io;
  readonly outcome: (status: number) => Outcome;
} {
  let stdout = "";
  let stderr = "";
  const io: Io = {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    signal,
    isTerminal: false,
  };
  return { io, outcome: (status) => ({ status, stdout, stderr }) };
}

/** Runs `body` in a new empty folder, removed afterwards. */
export async function inTemporaryFolder<T>(body: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "firebrick-test-"));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
