/** Accelerators whose cells Yosys counted: some to calibrate the estimator, others to judge it. Networks by their names in the zoo. */
import { boardByName } from "../../../src/boards/index.ts";
import { isPacked } from "../../../src/boards/parts.ts";
import type { ShippedActivation } from "../../../src/ir/activation-kernel.ts";
import type { Family } from "../../../src/resources/family.ts";

export interface Configuration {
  readonly set: "calibration" | "validation";
  readonly network: string;
  readonly family: Family;
  readonly pk: number;
  readonly pc: number;
  readonly packed: boolean;
  readonly busBytes: 8 | 16;
  /** In place of every activation of the network. */
  readonly activation: ShippedActivation | null;
}

/** Board whose device's parts the accelerator gets; iCE40 has none for an array. */
export const boardOf: Readonly<Record<Family, string | null>> = {
  xc7: "arty-a7-100t",
  xcup: "ultra96-v2",
  ecp5: "ulx3s-85f",
  gowin: "tang-nano-20k",
  ice40: null,
};

const of =
  (set: Configuration["set"]) =>
  (
    network: string,
    family: Family,
    array: string,
    busBytes: 8 | 16,
    activation: ShippedActivation | null = null,
  ): Configuration => {
    const [pk = 0, pc = 0] = array.split("x").map(Number);
    const board = boardOf[family];
    const packed = board !== null && isPacked(boardByName(board), { pc });
    return { set, network, family, pk, pc, packed, busBytes, activation };
  };
const calibration = of("calibration");
const validation = of("validation");

/** MobileNet v1 and v2 and SqueezeNet: with and without a depthwise window, three phases, residuals, a pool, kernels. */
export const configurations: readonly Configuration[] = [
  calibration("mobilenet-v1-0.25-96", "xc7", "4x4", 8),
  calibration("mobilenet-v2-0.35-96", "xc7", "4x8", 8),
  calibration("squeezenet-1.1", "xc7", "4x4", 16),
  calibration("mobilenet-v1-0.25-128", "xc7", "8x16", 8),
  calibration("mobilenet-v1-0.25-96", "xcup", "8x8", 16),
  calibration("mobilenet-v1-0.25-128", "xcup", "8x16", 16),
  calibration("mobilenet-v1-0.25-96", "ecp5", "8x4", 16),
  calibration("mobilenet-v2-0.35-96", "ecp5", "4x8", 8),
  calibration("squeezenet-1.1", "ecp5", "4x4", 16),
  calibration("squeezenet-1.1", "ecp5", "8x16", 16),
  calibration("mobilenet-v1-0.25-96", "gowin", "4x4", 8),
  validation("mobilenet-v1-0.25-96", "xc7", "8x8", 16),
  calibration("mobilenet-v1-0.25-96", "xc7", "8x8", 8),
  calibration("mobilenet-v1-0.25-96", "xc7", "16x16", 16),
  validation("mobilenet-v1-0.25-96", "xc7", "16x16", 8),
  validation("pictures", "xc7", "4x8", 16),
  validation("mobilenet-v2-0.35-96", "xc7", "8x8", 16),
  validation("squeezenet-1.1", "xc7", "8x8", 8),
  validation("mobilenet-v1-0.5-160", "xc7", "8x16", 16),
  validation("mobilenet-v1-1.0-224", "xc7", "16x16", 8),
  validation("mobilenet-v1-0.25-96", "xc7", "4x4", 16, "hard-swish"),
  validation("mobilenet-v1-0.25-96", "xcup", "16x16", 16),
  validation("mobilenet-v1-0.25-96", "xcup", "4x8", 8),
  validation("mobilenet-v2-0.35-96", "xcup", "8x8", 16),
  validation("squeezenet-1.0", "xcup", "4x8", 16),
  validation("mobilenet-v1-0.25-96", "ecp5", "4x4", 8),
  calibration("mobilenet-v1-0.25-96", "ecp5", "8x8", 8),
  validation("mobilenet-v1-0.25-96", "ecp5", "16x16", 8),
  validation("mobilenet-v1-0.25-128", "ecp5", "4x8", 16),
  validation("mobilenet-v2-0.35-96", "ecp5", "4x4", 8),
  validation("squeezenet-1.1", "ecp5", "8x8", 8),
  validation("pictures", "ecp5", "8x8", 8),
  validation("mobilenet-v1-0.25-96", "ecp5", "4x4", 16, "sigmoid"),
  validation("pictures", "gowin", "4x4", 8),
];
