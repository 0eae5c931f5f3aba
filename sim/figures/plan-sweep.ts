/** `npm run plans`: plans and predicts networks on every array, both buses, packed or not. */
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { InputError } from "../../src/ir/errors.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { loadModel } from "../../src/load.ts";
import { listZoo } from "../../src/zoo/index.ts";

const sides = [4, 8, 16, 32] as const;

/** All accelerators that a network can have: 64. */
export const accelerators = sides.flatMap((pk) =>
  sides.flatMap((pc) =>
    ([8, 16] as const).flatMap((busBytes) => [false, true].map((packed) => ({ pk, pc, busBytes, packed }))),
  ),
);
type Accelerator = (typeof accelerators)[number];

export interface Swept {
  readonly planned: number;
  readonly refused: readonly string[];
  /** What ended otherwise: bugs. */
  readonly failed: readonly string[];
}

/** `predicted`: whether the cycle model runs the plan too, which takes seconds for large networks. */
export function planSweep(graph: IntGraph, predicted: (accelerator: Accelerator) => boolean): Swept {
  const refused: string[] = [];
  const failed: string[] = [];
  for (const accelerator of accelerators) {
    const { busBytes, packed, pc, pk } = accelerator;
    try {
      const plan = schedule(graph, accelerator);
      if (predicted(accelerator)) predict(plan, { bytes: busBytes, latency: 40, outstanding: 16 });
    } catch (error) {
      const list = error instanceof InputError ? refused : failed;
      list.push(`${pk}x${pc}, ${8 * busBytes} bits${packed ? ", packed" : ""}: ${String(error)}`);
    }
  }
  return { planned: accelerators.length - refused.length - failed.length, refused, failed };
}

/** Models by name or path; without any, every network of the zoo. Throws when one fails. */
export function sweepPlans(models: readonly string[]): void {
  const names = models.length > 0 ? models : listZoo().map(({ name }) => name);
  let failures = 0;
  for (const name of names) {
    let graph: IntGraph;
    try {
      graph = loadModel(name);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      console.log(`${name}: ${error.message}`);
      continue;
    }
    const { failed, planned, refused } = planSweep(graph, () => true);
    failures += failed.length;
    console.log(`${name}: ${planned} predicted, ${refused.length} refused, ${failed.length} failed`);
    for (const line of [...refused, ...failed]) console.log(`  ${line}`);
  }
  if (failures > 0) throw new Error(`${failures} plans failed`);
}
