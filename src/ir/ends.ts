/** Inputs and outputs of a network: one of each. */
import type { Problem } from "./errors.ts";

/** What is wrong with the network's ends; told beside whatever else is wrong, so every stage that refuses a network asks. */
export function endProblems(network: string, inputs: number, outputs: number): Problem[] {
  if (inputs <= 1 && outputs <= 1) return [];
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
  return [
    {
      code: "unsupported-graph",
      node: network,
      found: `${count(inputs, "input")} and ${count(outputs, "output")}`,
      supported: "one input, one output",
      fix: "cut the network to one of each",
    },
  ];
}
