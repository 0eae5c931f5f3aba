/** The families whose clock only a vendor's tool, or one that is not run here, would tell: those that the analysis serves. */
import { ecp5 } from "./ecp5.ts";
import type { DelayModel } from "./model.ts";
import { xc7 } from "./xc7.ts";
import { xcup } from "./xcup.ts";

export type TimedFamily = "xc7" | "xcup" | "ecp5";

export const delayModels: Readonly<Record<TimedFamily, DelayModel>> = { xc7, xcup, ecp5 };
