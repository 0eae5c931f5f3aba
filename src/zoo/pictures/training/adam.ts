import { item } from "../../../ir/known.ts";

/** A trained tensor with its gradient and Adam's two moments. */
export interface Parameter {
  readonly value: Float32Array;
  readonly gradient: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export function createParameter(value: Float32Array): Parameter {
  const zeros = (): Float32Array => new Float32Array(value.length);
  return { value, gradient: zeros(), first: zeros(), second: zeros() };
}

const beta1 = 0.9;
const beta2 = 0.999;

/** One step of Adam (Kingma and Ba, 2015, algorithm 1); `step` counts from 1. Clears the gradient. */
export function adamStep(parameter: Parameter, step: number, rate: number): void {
  const { value, gradient, first, second } = parameter;
  const correction = Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step);
  for (let i = 0; i < value.length; i++) {
    const g = item(gradient, i);
    const m = beta1 * item(first, i) + (1 - beta1) * g;
    const v = beta2 * item(second, i) + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    value[i] = item(value, i) - (rate * correction * m) / (Math.sqrt(v) + 1e-8);
    gradient[i] = 0;
  }
}
