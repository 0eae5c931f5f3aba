import yargs from "yargs";
import { packageVersion } from "../platform/package.ts";
import { visibleLines } from "../ir/visible.ts";
import { addCommand } from "./command.ts";
import { commands } from "./commands.ts";
import type { Io } from "./io.ts";
import { noCodeOption, refuseCode } from "./no-code.ts";
import { reportError, status, RefusedError } from "./status.ts";
import type { Status } from "./status.ts";

/** Runs one command line (without node and script name) and returns its exit status; never throws. */
export async function runCli(args: readonly string[], terminal: Io): Promise<Status> {
  // Whatever a command prints of a model or a file, no character of it moves the cursor.
  const io: Io = {
    ...terminal,
    out: (text) => terminal.out(visibleLines(text)),
    err: (text) => terminal.err(visibleLines(text)),
  };
  try {
    const parser = yargs()
      .scriptName("firebrick")
      .usage("$0 COMMAND\n\nCompiles SqueezeNet and MobileNet networks into Verilog accelerators.")
      .version(packageVersion())
      .help()
      .alias("help", "h")
      .wrap(Math.min(110, terminalWidth()))
      // Names keep their dots, numbers stay text until options.ts reads them.
      .parserConfiguration({
        "dot-notation": false,
        "parse-positional-numbers": false,
        "boolean-negation": false,
      })
      .option("no-code", noCodeOption)
      .middleware((argv) => {
        refuseCode(argv);
      })
      .strict()
      .recommendCommands()
      .demandCommand(1, "say which command to run")
      .exitProcess(false)
      .epilogue(
        "MODEL: a .tflite, .onnx or Deep Compression .net file (its .prototxt beside it), a file that quantize or compress wrote, " +
          "a network in TypeScript (.ts), or a name of `firebrick models`. A .ts file, also a kernel, is a program: it runs with all rights " +
          "of this command unless --no-code refuses it. Exit status: docs/errors.md.",
      )
      .fail((message: string | null, error: Error | undefined) => {
        throw error ?? complaint(message ?? "wrong usage", args);
      });
    for (const listed of commands) addCommand(parser, listed, io);
    await parser.parseAsync([...args], {}, (_error: unknown, _argv: unknown, output: string) => {
      if (output !== "") io.out(`${output}\n`);
    });
    return io.signal.aborted ? reportError(undefined, io) : status.ok;
  } catch (error) {
    // yargs complains by `fail`, but of an option without its value by an error of its parser.
    const isComplaint = error instanceof Error && error.name === "YError";
    return reportError(isComplaint ? complaint(error.message, args) : error, io);
  }
}

function complaint(message: string, args: readonly string[]): RefusedError {
  return new RefusedError(`${explain(message, args)}\nSee: firebrick ${helpTopic(args)}--help`);
}

/** yargs only names the recommended command, and calls a word that is no command an argument; the user wants to know what was wrong. */
function explain(message: string, args: readonly string[]): string {
  const first = args[0];
  if (first === undefined || first.startsWith("-") || isCommand(first)) return message;
  const unknown = `unknown command "${first}"`;
  return message.startsWith("Did you mean") ? `${unknown}. ${message}` : unknown;
}

/** "compile " when the line starts with a known command, else "". */
function helpTopic(args: readonly string[]): string {
  const first = args[0];
  return first !== undefined && isCommand(first) ? `${first} ` : "";
}

function isCommand(word: string): boolean {
  return commands.some(({ usage }) => usage.split(" ")[0] === word);
}

function terminalWidth(): number {
  return process.stdout.columns || 110;
}
