import type { IntGraph } from "../ir/integer.ts";
import { floatLayers } from "../4-schedule/exact-sums.ts";
import { loadModel } from "../load.ts";
import type { Io } from "./io.ts";
import { optional, parseActivation, parseSeed, parseStage, single } from "./options.ts";

/** The arguments of every command that loads a model, as text. */
export interface ModelArgs {
  readonly model: string;
  readonly seed: string;
  readonly activation?: string | undefined;
  readonly until?: readonly string[] | undefined;
  readonly dumpAfter?: string | undefined;
  readonly labels?: string | undefined;
}

/** Loads MODEL; --dump-after prints to stderr, because stdout belongs to the result. Throws InputError. */
export function loadForCommand(args: ModelArgs, io: Io): IntGraph {
  const after = optional(parseStage, args.dumpAfter);
  const dump = after === undefined ? undefined : { after, print: io.err };
  const activation = optional(parseActivation, args.activation);
  const labels = optional((value) => single("--labels", value), args.labels);
  return loadModel(args.model, { seed: parseSeed(args.seed), activation, until: args.until, labels, dump });
}

/** Says where the accelerator may differ from ONNX Runtime, though not from its own golden model. */
export function noteFloatLayers(graph: IntGraph, io: Io): void {
  const layers = floatLayers(graph);
  if (layers.length === 0) return;
  const names = layers.map(({ name }) => name).join(", ");
  io.err(
    `note: ONNX Runtime computes ${names} in float32, whose noise decides sums on ties; the accelerator takes the even integer, ` +
      "one step away where scales have few digits: in up to 0.2 % of the values of a layer, 5 % of a mean, 15 % of a resize (docs/decisions/005)\n",
  );
}
