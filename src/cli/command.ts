/** What the command line has of a command: first what --help lists, the rest when the command is chosen. */
import type { ArgumentsCamelCase, Argv } from "yargs";
import type { Io } from "./io.ts";

export interface ListedCommand {
  /** Its name and its positional arguments, as yargs writes them. */
  readonly usage: string;
  readonly describe: string;
  readonly load: () => Promise<Command>;
}

export interface Command {
  /** Tells yargs the options and examples. */
  readonly options: (yargs: Argv) => Argv;
  /** `args`: what yargs made of the options. Throws what `reportError` maps to an exit status. */
  readonly run: (args: ArgumentsCamelCase, io: Io) => void | Promise<void>;
}

/** A command whose `options` have the types that `run` takes. */
export function command<Args>(
  options: (yargs: Argv) => Argv<Args>,
  run: (args: ArgumentsCamelCase<Args>, io: Io) => void | Promise<void>,
): Command {
  // yargs has no type for a command that it gets to know later: `run` is called with what `options` described.
  return { options, run: run as Command["run"] };
}

/** Adds a command to the line. Its file is imported when yargs asks for its options. */
export function addCommand(parser: Argv, { describe, load, usage }: ListedCommand, io: Io): void {
  parser.command(
    usage,
    describe,
    async (yargs) => (await load()).options(yargs),
    async (args) => (await load()).run(args, io),
  );
}
