/** How large the sums of an operator get, and constants of channels that keep them small. */
import { requantise, requantiseFloat32 } from "../../hw/kernels/requantise.ts";
import { decode, type Values } from "../format/fields.ts";
import { shiftWord, shiftWords } from "../format/group-record.ts";
import type { Int, UInt } from "../hls/index.ts";
import { item, known } from "../ir/known.ts";
import type { Operator } from "./plan.ts";

/** Bits of a sum that a requantiser multiplies with two DSP blocks; of 32 bits it takes four. */
export const NARROW_SUM = 25;

/** The products of a lane and its requantiser: what of them the operators need. */
export interface SumSizes {
  readonly sumBits: 25 | 32;
  readonly leftShifts: boolean;
  readonly averages: boolean;
  readonly narrowWeights: boolean;
}

export function sumSizes(operators: readonly Operator[]): SumSizes {
  const shifts = operators.flatMap((operator) => [...shiftsOf(operator).values()]);
  return {
    sumBits: operators.every((operator) => wideChannels(operator).length === 0) ? NARROW_SUM : 32,
    leftShifts: shifts.some(({ left }) => left > 0),
    averages: shifts.some(({ absolute, floor }) => absolute === 1 || floor === 1),
    narrowWeights: operators.every(({ weights }) => weights === null || weights.every(isNarrow)),
  };
}

type Shift = Values<typeof shiftWords>;

/** The fields of an operator's shift words, few of which differ. */
const shiftsOf = ({ shift }: Operator): ReadonlyMap<number, Shift> =>
  new Map(Array.from(new Set(shift), (word) => [word, decode(shiftWords, [word])]));

/** A weight of which four products with a value fit 17 bits. */
const isNarrow = (weight: number): boolean => Math.abs(weight) <= 127;

/** The least and the greatest sum of a channel, for any values that its layer may read. */
interface Ends {
  readonly least: number;
  readonly most: number;
}

const SMALLEST_INPUT = -128;
const LARGEST_INPUT = 127;
/** Of w - zw. */
const LARGEST_WEIGHT = 255;

const tapsOf = ({ bias, kernel, weights }: Operator): number =>
  weights === null ? kernel[0] * kernel[1] : weights.length / bias.length;

function endsOf(operator: Operator, channel: number): Ends {
  const { kind, weights } = operator;
  const bias = item(operator.bias, channel);
  const taps = tapsOf(operator);
  let positive = 0;
  let negative = 0;
  const count = (weight: number) => {
    if (weight > 0) positive += weight;
    else negative += weight;
  };
  if (weights === null) positive = taps;
  else if (kind === "conv") weights.subarray(channel * taps, (channel + 1) * taps).forEach(count);
  else for (let tap = 0; tap < taps; tap++) count(item(weights, tap * operator.bias.length + channel));
  return {
    least: bias + positive * SMALLEST_INPUT + negative * LARGEST_INPUT,
    most: bias + positive * LARGEST_INPUT + negative * SMALLEST_INPUT,
  };
}

/** Channels whose sums, or what the requantiser makes of them before it multiplies, are not numbers of NARROW_SUM bits. */
function wideChannels(operator: Operator): readonly number[] {
  const { bias, shift } = operator;
  const shifts = shiftsOf(operator);
  const largest = tapsOf(operator) * LARGEST_WEIGHT * -SMALLEST_INPUT;
  return Array.from(bias.keys()).filter((channel) => {
    const { absolute, addend, left } = known(shifts.get(item(shift, channel)), "fields of each shift word");
    const within = ({ least, most }: Ends) =>
      Math.max(-1 - least, most) * 2 ** left + absolute + addend < 2 ** (NARROW_SUM - 1);
    const any = largest + Math.abs(item(bias, channel));
    return !within({ least: -any, most: any }) && !within(endsOf(operator, channel));
  });
}

/**
 * The operator with other constants in channels whose sums do not fit, if that makes them: where every sum gives the same result,
 * that result and no weights; where there are two results, sums whose distance from the one where they change is kept.
 */
export function withNarrowSums(operator: Operator): Operator {
  const wide = wideChannels(operator);
  if (wide.length === 0 || operator.weights === null) return operator;
  const weights = Int16Array.from(operator.weights);
  const bias = Int32Array.from(operator.bias);
  const multiplier = Int32Array.from(operator.multiplier);
  const shift = Uint32Array.from(operator.shift);
  const taps = tapsOf(operator);
  for (const channel of wide) {
    const changed = narrowed(operator, channel);
    if (changed === null) continue;
    [bias[channel], multiplier[channel], shift[channel]] = [changed.bias, changed.multiplier, changed.shift];
    if (!changed.isConstant) continue;
    if (operator.kind === "conv") weights.fill(0, channel * taps, (channel + 1) * taps);
    else for (let tap = 0; tap < taps; tap++) weights[tap * bias.length + channel] = 0;
  }
  return { ...operator, weights, bias, multiplier, shift };
}

interface Constants {
  readonly bias: number;
  readonly multiplier: number;
  readonly shift: number;
  /** Whether no weight counts. */
  readonly isConstant: boolean;
}

/** Null where sums overflow, and where the channel has more results than two. */
function narrowed(operator: Operator, channel: number): Constants | null {
  const own = { multiplier: item(operator.multiplier, channel), shift: item(operator.shift, channel) };
  const { least, most } = endsOf(operator, channel);
  const { left } = decode(shiftWords, [own.shift]);
  if (Math.max(-least, most) * 2 ** left >= 2 ** 31) return null;
  const before = (sum: number) => resultOf(operator, own, sum);
  const [low, high] = [before(least), before(most)];
  if (low === high) {
    const value = low - operator.outputZeroPoint;
    return { bias: value, multiplier: 2 ** 31 - 1, shift: shiftWord({}), isConstant: true };
  }
  if (high !== low + 1) return null;
  const change = firstOf(least, most, (sum) => before(sum) === high);
  const right = Math.max(0, Math.ceil(Math.log2(Math.max(most - change, change - least))) - 1);
  const halves = { multiplier: 2 ** 30, shift: shiftWord({ right }) };
  const after = (sum: number) => resultOf(operator, halves, sum);
  const end = 2 ** (NARROW_SUM - 1) - 1;
  const move = firstOf(-end, end, (sum) => after(sum) >= high) - change;
  const isSame = [least, change - 1, change, most].every((sum) => after(sum + move) === before(sum));
  const isWithin = Math.max(-(least + move), most + move) <= end;
  if (!isSame || !isWithin) return null;
  return { ...halves, bias: item(operator.bias, channel) + move, isConstant: false };
}

/** What the requantiser makes of a sum; it never falls where sums rise. */
function resultOf(
  { max, min, outputZeroPoint }: Operator,
  constants: { readonly multiplier: number; readonly shift: number },
  sum: number,
): number {
  const { absolute, addend, float32, floor, left, right } = decode(shiftWords, [constants.shift]);
  const scale = [BigInt(sum) as Int<32>, BigInt(constants.multiplier) as UInt<31>] as const;
  const shifts = [BigInt(right) as UInt<5>, BigInt(left) as UInt<5>] as const;
  const modes = [floor === 1, absolute === 1, BigInt(addend) as UInt<14>] as const;
  const range = [BigInt(outputZeroPoint) as Int<8>, BigInt(min) as Int<8>, BigInt(max) as Int<8>] as const;
  return Number(
    float32 === 1
      ? requantiseFloat32(...scale, ...shifts, true, ...modes, ...range)
      : requantise(...scale, ...shifts, ...modes, ...range),
  );
}

/** The first number from `from` to `to` for which it holds; `to` where there is none before. */
function firstOf(from: number, to: number, holds: (value: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
