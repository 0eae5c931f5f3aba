/** Pipeline stages of the kernels in the array's way: their `@latency`, which codegen holds them to. */
import type { Hardware } from "./plan.ts";

/** hw/kernels/requantise.ts. */
export const REQUANTISE_STAGES = 7;

/** hw/kernels/residual-add.ts. */
export const RESIDUAL_STAGES = 9;

/** hw/rtl/table_lookup.v. */
export const TABLE_STAGES = 1;

type Behind = Pick<Hardware, "activationStages" | "residualDepth" | "tables">;

/** Cycles of a result in kernels and tables behind the lanes. */
export function activationCycles({ activationStages, tables }: Omit<Behind, "residualDepth">): number {
  return activationStages + (tables ? TABLE_STAGES : 0);
}

/** Cycles of a result in the unit that adds residuals, which all results pass where there is one. */
export function residualCycles({ residualDepth }: Pick<Behind, "residualDepth">): number {
  return residualDepth > 0 ? RESIDUAL_STAGES + 1 : 0;
}
