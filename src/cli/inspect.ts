import { InputError } from "../ir/errors.ts";
import { formatInspect, inspectGraph, inspectModel } from "../inspect.ts";
import { isNetworkFile, loadGraph, modelPath } from "../load.ts";
import { command } from "./command.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import type { ModelArgs } from "./model.ts";
import { option, optional, parseActivation, parseSeed } from "./options.ts";
import { RefusedError } from "./status.ts";

export const inspectCommand = command(
  (yargs) =>
    yargs
      .positional("model", option.model)
      .option("seed", option.seed)
      .option("activation", option.activation)
      .option("json", option.json)
      .example("$0 inspect net.tflite", "a table of layers; status 2 when there are problems")
      .example("$0 inspect mobilenet-v1-0.5-160 --json", "the same of a zoo network, for a script"),
  (args, io) => runInspect(args, io),
);

/** Prints all that could be read of the model, then throws when it has problems. */
function runInspect(args: ModelArgs & { readonly json: boolean }, io: Io): void {
  const seed = parseSeed(args.seed);
  const activation = optional(parseActivation, args.activation);
  const path = modelPath(args.model);
  const isDescribed = path === undefined || isNetworkFile(path) || activation !== undefined;
  const inspection = isDescribed
    ? inspectGraph(loadGraph(args.model, { seed, activation }))
    : inspectModel(path);
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
