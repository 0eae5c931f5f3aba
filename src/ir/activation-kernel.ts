/** Kernels as the activations of networks: what they are, and how a network names them. */
import { isAbsolute, resolve } from "../platform/paths.ts";
import { InputError } from "./errors.ts";

/** A function from one int8 to another, written in TypeScript: of hw/kernels, or the user's own. */
export interface ActivationKernel {
  /** As an ActivationName, its file absolute. */
  readonly spec: string;
  /** Of the function. */
  readonly name: string;
  readonly file: string;
  /** Pipeline stages that its hardware takes. */
  readonly latency: number;
  /** Binary places behind the point: a value q stands for q / 2^places. */
  readonly places: { readonly operand: number; readonly result: number };
  /** What the function returned for -128 to 127. */
  readonly table: Int8Array;
  /** The real function that it stands for; null for a user's own, whose values alone are known. */
  readonly real: ((x: number) => number) | null;
}

/** Stages of a kernel whose `@latency` says nothing. */
export const usualLatency = 3;

export function isSameKernel(a: ActivationKernel, b: ActivationKernel): boolean {
  return a.file === b.file && a.name === b.name;
}

/** Kernels of hw/kernels that are activations, by file. */
export const shippedActivations = ["hard-sigmoid", "hard-swish", "leaky-relu", "sigmoid", "tanh"] as const;

export type ShippedActivation = (typeof shippedActivations)[number];

/** A kernel of hw/kernels by name, or `FILE.ts` and, where the file exports several, `#` and the function. */
export type ActivationName = ShippedActivation | `${string}.ts` | `${string}.ts#${string}`;

export function isShipped(text: string): text is ShippedActivation {
  return (shippedActivations as readonly string[]).includes(text);
}

export function isActivationName(text: string): text is ActivationName {
  return isShipped(text) || /\.ts(#\w+)?$/.test(text);
}

/** The name, when it is one, with its file found from `folder`. Throws InputError `unknown-activation`. */
export function resolveActivation(text: string, folder: string): ActivationName {
  if (!isActivationName(text))
    throw new InputError({
      code: "unknown-activation",
      node: text,
      found: "no kernel of that name",
      supported: `${shippedActivations.join(", ")}, or FILE.ts#FUNCTION`,
      fix: "name one of these, see docs/hls.md",
    });
  const isFile = text.includes(".ts") && !isAbsolute(text);
  return isFile ? (resolve(folder, text) as ActivationName) : text;
}
