import { predict } from "../4-schedule/cycles/predict.ts";
import type { Plan } from "../4-schedule/plan.ts";
import type { MemoryOptions } from "../../sim/index.ts";
import { cyclesByLayer, layersOf } from "./layers.ts";

/** Cycles of each layer by the cycle model; their sum is the model's total. */
export function predictedByLayer(plan: Plan, memory: MemoryOptions): readonly number[] {
  const { cycles, phases } = predict(plan, memory);
  const flat = phases.flatMap((entries, block) =>
    entries.map((entry, phase) => ({ block, phase, ...entry })),
  );
  // The model does not say when the first block begins: what no phase has is shared out as if all of it came first,
  // but for the last write on its way to memory and back.
  const rest =
    cycles - flat.reduce((sum, p) => sum + p.issue + p.rows + p.weights + p.output + p.space + p.setup, 0);
  const before = Math.max(0, rest - memory.latency);
  return cyclesByLayer(layersOf(plan), { cycles, before, phases: flat }).map((layer) => layer.cycles);
}
