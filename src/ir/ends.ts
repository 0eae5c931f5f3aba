/** Inputs of a network: one. */
import type { Problem } from "./errors.ts";

/** What is wrong with the network's ends; told beside whatever else is wrong, so every stage that refuses a network asks. */
export function endProblems(network: string, inputs: number): Problem[] {
  if (inputs <= 1) return [];
  return [
    {
      code: "unsupported-graph",
      node: network,
      found: `${inputs} inputs`,
      supported: "one input",
      fix: "cut the network to one input",
    },
  ];
}
