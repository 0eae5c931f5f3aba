import yargs from "yargs";
import { packageVersion } from "../platform/package.ts";
import { editDistance, nearest } from "../ir/nearest.ts";
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
        throw error ?? new Complaint(message ?? "wrong usage");
      });
    for (const listed of commands) addCommand(parser, listed, io);
    if (args.length === 0) io.err(`${await parser.getHelp()}\n\n`);
    await parser.parseAsync([...args], {}, (_error: unknown, _argv: unknown, output: string) => {
      if (output !== "") io.out(`${output}\n`);
    });
    return io.signal.aborted ? reportError(undefined, io) : status.ok;
  } catch (error) {
    // yargs complains by `fail`, but of an option without its value by an error of its parser.
    const isComplaint = error instanceof Complaint || (error instanceof Error && error.name === "YError");
    return reportError(isComplaint ? await refused(error.message, args) : error, io);
  }
}

/** What yargs says of a command line. */
class Complaint extends Error {}

async function refused(message: string, args: readonly string[]): Promise<RefusedError> {
  const meant = await optionsMeant(message, args);
  return new RefusedError(`${explain(message, args)}${meant}\nSee: firebrick ${helpTopic(args)}--help`);
}

/** More letters that are wrong are another word. */
const SLIPS = 2;

/** The options of the command that unknown ones may stand for, as a sentence; "" when there is none like them. */
async function optionsMeant(message: string, args: readonly string[]): Promise<string> {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]?.split(", ");
  const listed = commands.find(({ usage }) => usage.split(" ")[0] === args[0]);
  if (unknown === undefined || listed === undefined) return "";
  const help = await (await listed.load()).options(yargs().scriptName("firebrick").help()).getHelp();
  const options = [...new Set([...help.matchAll(/--([a-z][a-z-]*)/g)].flatMap(([, name]) => name ?? []))];
  // A word without dashes is a file, not an option.
  const slips = unknown.filter((name) => args.some((word) => word.startsWith(`--${name}`)));
  const meant = slips.flatMap((name) =>
    nearest(name, options, 1).filter(
      (option) => editDistance(name, option) <= SLIPS || option.startsWith(name),
    ),
  );
  return meant.length === 0 ? "" : `. Did you mean ${meant.map((option) => `--${option}`).join(", ")}?`;
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
