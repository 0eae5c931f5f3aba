/** The accelerator's own memories, in bytes. */
import type { Plan } from "../4-schedule/plan.ts";

export type OnChipBytes = Readonly<
  Record<"lineBuffers" | "weights" | "parameters" | "residual" | "pool" | "maps", number>
>;

/** Without FIFOs and the program memory, which are small. */
export function onChipBytes({ hardware: hw, multipliers }: Plan): OnChipBytes {
  return {
    lineBuffers: hw.lineBuffers.reduce((sum, { banks, depth }) => sum + banks * depth * hw.lbBytes, 0),
    // nine bits a weight: less its zero point
    weights: ((hw.weightDepth + hw.kept.words) * multipliers * 9) / 8,
    // bias, multiplier and shift of each lane
    parameters: (hw.paramDepth + hw.kept.groups) * hw.pk * 12,
    residual: hw.residualDepth * hw.lbBytes,
    maps: hw.chipDepth * hw.busBytes,
    pool: hw.pool === null ? 0 : (hw.pool.depth + hw.pool.groups) * hw.pk,
  };
}
