/** Where a network can end that has operators behind its layers which nothing here computes. */
import type { Problem } from "../ir/errors.ts";
import type { Step } from "./until.ts";

/** An operator, those behind it later. */
export interface TriedStep<Id> extends Step<Id> {
  readonly hasWeights: boolean;
  /** Whether it makes a map, and not what is computed while the file is read. */
  readonly makesMap: boolean;
}

/** Of the layers with weights, at least so many are in front of such operators. */
const LEAST_KEPT = 0.8;
/** More ends help nobody. */
const MOST_ENDS = 9;

/** The problems of single operators with the `--until` that leaves them and all behind them out, where that keeps almost all layers. */
export function withEnds<Id>(
  problems: readonly Problem[],
  steps: readonly TriedStep<Id>[],
  outputs: readonly Id[],
): Problem[] {
  const names = new Set(problems.map(({ node }) => node));
  const unmade = new Set<Id>();
  for (const step of steps)
    if (names.has(step.name) || step.inputs.some((id) => unmade.has(id)))
      for (const id of step.outputs) unmade.add(id);
  const isLeft = ({ outputs: made }: TriedStep<Id>) => made.some((id) => unmade.has(id));
  const wanted = new Set([...outputs, ...steps.filter(isLeft).flatMap(({ inputs }) => inputs)]);
  const layers = steps.filter(({ hasWeights }) => hasWeights);
  const kept = layers.filter((step) => !isLeft(step));
  const ends = steps.filter(
    (step) => step.makesMap && !isLeft(step) && step.outputs.some((id) => wanted.has(id)),
  );
  const isUseful = kept.length > 0 && kept.length >= LEAST_KEPT * layers.length;
  if (!isUseful || ends.length === 0 || ends.length > MOST_ENDS) return [...problems];
  const until = ends.map(({ name }) => `--until ${JSON.stringify(name)}`).join(" ");
  const own = new Set(steps.map(({ name }) => name));
  return problems.map((problem) =>
    own.has(problem.node) ? { ...problem, fix: `${problem.fix}; ${until} leaves it out` } : problem,
  );
}
