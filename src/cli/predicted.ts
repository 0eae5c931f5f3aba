import type { Phase, Plan } from "../4-schedule/plan.ts";
import type { Layer } from "./layers.ts";

/** Steps of the array for each layer: what it takes when it never waits. */
export function predictedByLayer(plan: Plan, layers: readonly Layer[]): readonly number[] {
  return layers.map(({ block, phase }) => steps(plan.blocks[block]!.phases[phase]!));
}

function steps(phase: Phase): number {
  const [kh, kw] = phase.kernel;
  const groups = phase.outputRows * phase.outputWidth * phase.groups;
  switch (phase.kind) {
    case "conv":
      return groups * phase.wordsPerGroup;
    case "depthwise":
      return groups * Math.max(phase.wordsPerGroup, phase.stride[1]);
    case "serial":
      return groups * kh * kw;
    case "pack":
      return 0;
  }
}
