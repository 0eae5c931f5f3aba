#!/usr/bin/env node
/** The firebrick command: hands the arguments to the command line parser and its status to the system. */
import { fitTables } from "./cli/fit-tables.ts";
import { runCli } from "./cli/run.ts";
import type { Io } from "./cli/io.ts";
import { reportError, status } from "./cli/status.ts";
import { namePath } from "./ir/errors.ts";

const interrupt = new AbortController();
// Ctrl-C, and how a job scheduler ends a job.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The first one ends children and removes partial output; a second one does not wait for that.
    if (interrupt.signal.aborted) process.exit(status.interrupted);
    interrupt.abort();
  });
}
const io: Io = {
  out: (text) => process.stdout.write(process.stdout.isTTY ? fitTables(text, process.stdout.columns) : text),
  err: (text) => process.stderr.write(text),
  signal: interrupt.signal,
  isTerminal: process.stderr.isTTY,
};
// A reader that closed the pipe, such as head, has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(status.ok);
  process.exit(reportError(namePath(error, "the standard output", "write it to a place with room"), io));
});

process.exitCode = await runCli(process.argv.slice(2), io);
