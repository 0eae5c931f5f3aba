import { FileSystemError, InputError, MissingToolError, namePath } from "../ir/errors.ts";
import { SourceError } from "../typescript/diagnostic.ts";
import type { Io } from "./io.ts";

/** Exit status of every way a command can end; docs/errors.md lists them. */
export const status = {
  ok: 0,
  differs: 1,
  input: 2,
  missingTool: 3,
  internal: 70,
  fileSystem: 74,
  interrupted: 130,
} as const;

export type Status = (typeof status)[keyof typeof status];

/** The user's input is at fault and the message is all there is to say: unknown option, missing argument. */
export class RefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RefusedError";
  }
}

/** The hardware differed from the golden model; the message names the first difference. */
export class DivergenceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DivergenceError";
  }
}

/** Says on stderr what went wrong and returns the exit status: the only place that maps the one to the other. */
export function reportError(error: unknown, io: Pick<Io, "err" | "signal">): Status {
  if (io.signal.aborted) return say(io, "interrupted", status.interrupted);
  if (error instanceof InputError || error instanceof RefusedError)
    return say(io, error.message, status.input);
  if (error instanceof SourceError) {
    const { length } = error.diagnostics;
    return say(
      io,
      `${length} ${length === 1 ? "error" : "errors"} in ${error.subject}\n\n${error.message}`,
      status.input,
    );
  }
  if (error instanceof MissingToolError) return say(io, error.message, status.missingTool);
  if (error instanceof DivergenceError) return say(io, error.message, status.differs);
  const system = namePath(error, "a file", "make room, or let it be read and written");
  if (system instanceof FileSystemError) return say(io, system.message, status.fileSystem);
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return say(io, `internal error, please report it: ${detail}`, status.internal);
}

function say(io: Pick<Io, "err">, message: string, result: Status): Status {
  io.err(`firebrick: ${message}\n`);
  return result;
}
