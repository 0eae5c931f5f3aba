/** Pipeline stages of the kernels in the array's way: their `@latency`, which codegen holds them to. */

/** hw/kernels/requantise.ts. */
export const REQUANTISE_STAGES = 5;

/** hw/kernels/residual-add.ts. */
export const RESIDUAL_STAGES = 9;

/** hw/rtl/table_lookup.v. */
export const TABLE_STAGES = 1;
