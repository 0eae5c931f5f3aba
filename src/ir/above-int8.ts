import type { IntMap } from "./integer.ts";

/** How far the model's own values of a map are above the int8 that it holds. */
export const aboveInt8 = ({ dtype }: Pick<IntMap, "dtype">): number => (dtype === "uint8" ? 128 : 0);
