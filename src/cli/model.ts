import type { IntGraph } from "../ir/integer.ts";
import { loadModel } from "../load.ts";
import type { Io } from "./io.ts";
import { optional, parseSeed, parseStage } from "./options.ts";

/** The arguments of every command that loads a model, as text. */
export interface ModelArgs {
  readonly model: string;
  readonly seed: string;
  readonly dumpAfter?: string | undefined;
}

/** Loads MODEL; --dump-after prints to stderr, because stdout belongs to the result. Throws InputError. */
export function loadForCommand(args: ModelArgs, io: Io): IntGraph {
  const after = optional(parseStage, args.dumpAfter);
  const dump = after === undefined ? undefined : { after, print: io.err };
  return loadModel(args.model, { seed: parseSeed(args.seed), dump });
}
