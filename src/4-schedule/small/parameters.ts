/** Weights, biases and multipliers of a layer as the small engine takes them. */
import type { Problem } from "../../ir/errors.ts";
import type { IntGraph } from "../../ir/integer.ts";
import { item } from "../../ir/known.ts";
import { unsupported } from "../operator-parts.ts";
import type { Operator } from "../plan.ts";

export interface Parameters {
  readonly bias: Int32Array;
  readonly multiplier: Int32Array;
  readonly shift: Uint8Array;
  readonly weights: Int8Array;
  readonly outputZeroPoint: number;
}

/** Averages multiply by this: the first of their two roundings then is too fine to matter. */
const AVERAGE_WEIGHT = 64;

/** In the place of numbers that do not exist, until the problems are thrown. */
const REFUSED = { multiplier: 0, shift: 0 } as const;

/** `channels`: of the output. Problems are added to the list; what is returned then means nothing. */
export function parametersOf(
  graph: IntGraph,
  operator: Operator,
  channels: number,
  problems: Problem[],
): Parameters {
  const { node } = operator;
  const refuse = (found: string, fix?: string): void => {
    problems.push({
      ...unsupported(node, found),
      supported: "what a small engine does: int8 weights, TFLite's rounding, factors below 1",
      ...(fix === undefined ? {} : { fix }),
    });
  };
  const taps = operator.kernel[0] * operator.kernel[1];
  if (node.kind === "average-pool") {
    const scale = averageScale(taps, graph.maps.get(operator.input)?.dtype === "uint8");
    if (scale === null) refuse(`an average over ${taps} values, which two roundings do not give exactly`);
    const { multiplier, shift } = scale ?? REFUSED;
    return {
      bias: new Int32Array(channels),
      multiplier: new Int32Array(channels).fill(multiplier),
      shift: new Uint8Array(channels).fill(shift),
      weights: new Int8Array(taps * channels).fill(AVERAGE_WEIGHT),
      // the operator's own belongs to its bias, which makes the values of uint8 models unsigned
      outputZeroPoint: 0,
    };
  }
  if (graph.rounding === "float32") refuse("requantisation with ONNX Runtime's rounding in float32");
  if (operator.shift.some((word) => ((word >>> 8) & 31) !== 0)) refuse("a factor of 1 or more");
  const weights = operator.weights ?? new Int16Array(taps * channels).fill(1);
  if (weights.some((w) => w < -128 || w > 127))
    refuse(
      "weights whose distance from their zero point needs 9 bits",
      "quantise the network to int8 with symmetric weights",
    );
  const every = <T extends Int32Array | Uint32Array>(values: T): T =>
    values.length === channels
      ? values
      : (new (values.constructor as new (n: number) => T)(channels).fill(item(values, 0)) as T);
  return {
    bias: every(operator.bias),
    multiplier: every(operator.multiplier),
    shift: Uint8Array.from(every(operator.shift), (word) => word & 31),
    weights: Int8Array.from(weights),
    outputZeroPoint: operator.outputZeroPoint,
  };
}

/**
 * Multiplier and right shift that turn AVERAGE_WEIGHT * sum into TFLite's average of `count` values; null when they would not
 * for some sum. It rounds half away from zero, on unsigned values for uint8 models.
 */
export function averageScale(
  count: number,
  unsigned: boolean,
): { readonly multiplier: number; readonly shift: number } | null {
  const divisor = AVERAGE_WEIGHT * count;
  const shift = Math.ceil(Math.log2(divisor)) - 1;
  const multiplier = Math.min(2 ** 31 - 1, Math.round(2 ** (31 + shift) / divisor));
  const offset = unsigned ? 128 : 0;
  for (let sum = -128 * count; sum <= 127 * count; sum += 1) {
    const raw = sum + offset * count;
    const average = Math.sign(raw) * Math.floor((Math.abs(raw) + (count >> 1)) / count) - offset;
    if (scaled(AVERAGE_WEIGHT * sum, multiplier, shift) !== average) return null;
  }
  return { multiplier, shift };
}

/** What the small engine's scaler and rounder make of a value below 2^21: exact in doubles. */
function scaled(value: number, multiplier: number, shift: number): number {
  const high = Math.floor((value * multiplier + 2 ** 30) / 2 ** 31);
  const magnitude = Math.floor((Math.abs(high) + 2 ** shift / 2) / 2 ** shift);
  return shift === 0 ? high : Math.sign(high) * magnitude;
}

/** Sixteen digits of -1 to 2 whose sum with powers of 4 is the multiplier, 0 to 2^31 - 1; lowest first. */
export function digitsOf(multiplier: number): readonly number[] {
  let rest = multiplier;
  return Array.from({ length: 16 }, () => {
    const low = rest % 4;
    const digit = low === 3 ? -1 : low;
    rest = (rest - digit) / 4;
    return digit;
  });
}
