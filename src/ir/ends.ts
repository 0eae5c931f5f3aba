/** Inputs of a float network: one. */
import type { Problem } from "./errors.ts";

/** What is wrong with the ends of a network that is to be quantised; told beside whatever else is wrong. */
export function endProblems(network: string, inputs: number): Problem[] {
  if (inputs <= 1) return [];
  return [
    {
      code: "unsupported-graph",
      node: network,
      found: `${inputs} inputs`,
      supported: "one input; several in networks that are quantised already",
      fix: "cut the network to one input, or quantise it in its framework",
    },
  ];
}
