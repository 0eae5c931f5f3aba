/** The real functions that smooth activations are. */
import type { Curve } from "./graph.ts";

/** The function of a curve, as a real number. */
export function realCurve(curve: Curve): (x: number) => number {
  switch (curve.name) {
    case "elu": {
      const { above, below, width } = curve;
      return (x) => (x < 0 ? Math.expm1(x / width) * below : x * above);
    }
    case "softplus":
      return softplus;
    case "softsign":
      return (x) => x / (1 + Math.abs(x));
    case "mish":
      return (x) => x * Math.tanh(softplus(x));
    case "gelu":
      return (x) => (x / 2) * (1 + errorFunction(x / Math.SQRT2));
    case "erf":
      return errorFunction;
    case "exp":
      return Math.exp;
    case "gelu-tanh":
      return (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  }
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Beyond it the error function is 1 in double precision. */
const FLAT = 6;
/** Terms that its series needs there. */
const TERMS = 140;

/** 2 / sqrt(pi) * exp(-x^2) * the sum of 2^n x^(2n + 1) / (2n + 1)!! (Abramowitz and Stegun, 7.1.6), all of whose terms have one sign. */
function errorFunction(x: number): number {
  if (Math.abs(x) >= FLAT) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; n <= TERMS; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
