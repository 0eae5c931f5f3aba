import { formatProgram } from "../format/program-text.ts";
import { readProgram } from "../format/read-program.ts";
import { isSmallProgram, readSmallProgram } from "../format/read-small-program.ts";
import { formatSmallProgram } from "../format/small-program-text.ts";
import { readBytes } from "../images/read-file.ts";
import { InputError } from "../ir/errors.ts";
import { formatInspect, inspectGraph, inspectModel } from "../inspect.ts";
import { isNetworkFile, loadGraph, modelPath } from "../load.ts";
import { command } from "./command.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import type { ModelArgs } from "./model.ts";
import { option, optional, parseActivation, parseSeed, single } from "./options.ts";
import { RefusedError } from "./status.ts";

export const inspectCommand = command(
  (yargs) =>
    yargs
      .positional("model", { ...option.model, demandOption: false })
      .option("program", {
        type: "string",
        requiresArg: true,
        describe: "instead of a model: a program that compile wrote, memory/model.bin or network.bin",
      })
      .option("until", option.until)
      .option("seed", option.seed)
      .option("activation", option.activation)
      .option("json", option.json)
      .example("$0 inspect net.tflite", "a table of layers; status 2 when there are problems")
      .example("$0 inspect mobilenet-v1-0.5-160 --json", "the same of a zoo network, for a script")
      .example("$0 inspect --program build/memory/model.bin", "what each unit of the accelerator is told"),
  (args, io) => runInspect(args, io),
);

interface Args extends Omit<ModelArgs, "model"> {
  readonly model?: string | undefined;
  readonly program?: string | undefined;
  readonly json: boolean;
}

function runInspect({ model, program, ...args }: Args, io: Io): void {
  const file = optional((value) => single("--program", value), program);
  if ((model === undefined) === (file === undefined))
    throw new RefusedError("say which model to inspect, or which file with --program");
  if (model !== undefined) inspect({ ...args, model }, io);
  else if (file !== undefined) inspectProgram(file, args.json, io);
}

/** Prints the program of either engine. Throws InputError when the file holds none. */
function inspectProgram(file: string, json: boolean, io: Io): void {
  const bytes = readBytes(file, "a memory/model.bin or memory/network.bin that firebrick compile wrote");
  if (isSmallProgram(bytes)) {
    const program = readSmallProgram(file, bytes);
    if (json) printJson(io, { file, ...program });
    else io.out(formatSmallProgram(file, program));
    return;
  }
  const program = readProgram(file, bytes);
  if (json) printJson(io, { file, ...program });
  else io.out(formatProgram(file, program));
}

/** Prints all that could be read of the model, then throws when it has problems. */
function inspect(args: ModelArgs & { readonly json: boolean }, io: Io): void {
  const seed = parseSeed(args.seed);
  const activation = optional(parseActivation, args.activation);
  const path = modelPath(args.model);
  const isDescribed = path === undefined || isNetworkFile(path) || activation !== undefined;
  const inspection = isDescribed
    ? inspectGraph(loadGraph(args.model, { seed, activation, until: args.until }))
    : inspectModel(path, args.until);
  const { problems } = inspection;
  if (args.json) {
    printJson(io, inspection);
    if (problems.length > 0) throw new InputError(problems);
    return;
  }
  io.out(formatInspect(inspection));
  if (problems.length > 0)
    throw new RefusedError(`${args.model}: ${problems.length} of its parts cannot be compiled`);
}
