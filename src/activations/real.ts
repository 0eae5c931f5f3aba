/** The real functions that the kernels of hw/kernels stand for. */
import type { ShippedActivation } from "../ir/activation-kernel.ts";

const gate = (x: number): number => Math.min(Math.max(x + 3, 0), 6) / 6;

/** Slope of the leaky ReLU below zero. */
export const leakySlope = 0.1;

export const realFunctions: Readonly<Record<ShippedActivation, (x: number) => number>> = {
  "hard-sigmoid": gate,
  "hard-swish": (x) => x * gate(x),
  "leaky-relu": (x) => (x < 0 ? leakySlope * x : x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};
