/** The kernels of hw/kernels that are activations, as code: the TypeScript compiler is for hardware and for users' files. */
import type { Int } from "../hls/index.ts";
import type { ActivationKernel, ShippedActivation } from "../ir/activation-kernel.ts";
import { hardSigmoid } from "../../hw/kernels/hard-sigmoid.ts";
import { hardSwish } from "../../hw/kernels/hard-swish.ts";
import { leakyRelu } from "../../hw/kernels/leaky-relu.ts";
import { sigmoid } from "../../hw/kernels/sigmoid.ts";
import { tanh } from "../../hw/kernels/tanh.ts";

/** What the comment above the function says again; a test compares the two. */
interface ShippedKernel {
  readonly call: (x: Int<8>) => Int<8>;
  readonly places: ActivationKernel["places"];
  /** The function that it stands for. */
  readonly real: (x: number) => number;
}

const gate = (x: number): number => Math.min(Math.max(x + 3, 0), 6) / 6;

/** Slope of the leaky ReLU below zero. */
export const leakySlope = 0.1;

export const shippedKernels: Readonly<Record<ShippedActivation, ShippedKernel>> = {
  "hard-sigmoid": { call: hardSigmoid, places: { operand: 4, result: 7 }, real: gate },
  "hard-swish": { call: hardSwish, places: { operand: 4, result: 4 }, real: (x) => x * gate(x) },
  "leaky-relu": {
    call: leakyRelu,
    places: { operand: 4, result: 4 },
    // float32, as networks have it
    real: (x) => (x < 0 ? Math.fround(leakySlope) * x : x),
  },
  sigmoid: { call: sigmoid, places: { operand: 4, result: 7 }, real: (x) => 1 / (1 + Math.exp(-x)) },
  tanh: { call: tanh, places: { operand: 5, result: 7 }, real: Math.tanh },
};
