/** Operators on lines of values, as calls of the functions of their names; the multipliers are TFLite's (Prepare of each kernel). */
import { quantizeMultiplier } from "../../../src/3-quantise/multiplier.ts";
import type { IntLogSoftmax, IntMap, IntSoftmax } from "../../../src/ir/integer.ts";
import type { TailArg } from "../../../src/ir/tail.ts";
import type { Code } from "../../text/code.ts";
import { c } from "../../text/languages.ts";
import type { Values } from "./memory.ts";
import type { Held } from "./moves.ts";

/** Lines along the axes of [H, W, C] together. */
function lines({ channels, height, width }: IntMap, axes: readonly number[] = [2]): Code<"c"> {
  const along = (isTaken: (axis: number) => boolean): Code<"c"> => {
    const [y, x, channel] = [height, width, channels].map((size, axis) => (isTaken(axis) ? size : 1));
    return c`{ ${y ?? 1}, ${x ?? 1}, ${channel ?? 1} }`;
  };
  const [outer, inner] = [along((axis) => !axes.includes(axis)), along((axis) => axes.includes(axis))];
  return c`&(const lines){ ${outer}, ${inner}, { ${width * channels}, ${channels}, 1 } }`;
}

/** Multiplier, shift and smallest difference that counts: PreprocessSoftmaxScaling and CalculateInputRadius of 5 integer bits. */
function scaling(beta: number, scale: number): { multiplier: number; left: number; smallest: number } {
  const { exponent, multiplier } = quantizeMultiplier(Math.min(beta * scale * 2 ** 26, 2 ** 31 - 1));
  return { multiplier, left: exponent, smallest: -Math.floor((31 * 2 ** 26) / 2 ** exponent) };
}

export function softmaxCall(
  { axes, beta }: Pick<IntSoftmax, "axes" | "beta">,
  to: Values,
  { map, values }: Held,
): Code<"c"> {
  const { left, multiplier, smallest } = scaling(beta, map.scale);
  const target = to.type === "int16_t" ? c`NULL, ${to.code}` : c`${to.code}, NULL`;
  return c`softmax(${target}, ${values.code}, ${lines(map, axes)}, ${multiplier}, ${left}, ${smallest})`;
}

export function logSoftmaxCall({ axes }: IntLogSoftmax, to: Values, { map, values }: Held): Code<"c"> {
  const { left, multiplier, smallest } = scaling(1, map.scale);
  const reverse = quantizeMultiplier(2 ** (31 - left) / multiplier);
  const numbers = c`${multiplier}, ${left}, ${smallest}, ${reverse.multiplier}, ${reverse.exponent}`;
  return c`log_softmax(${to.code}, ${values.code}, ${lines(map, axes)}, ${numbers})`;
}

export function l2Call(to: Values, { map, values }: Held): Code<"c"> {
  return c`l2_normalise(${to.code}, ${values.code}, ${lines(map)}, ${map.zeroPoint})`;
}

export function argCall({ axis, kind, last }: TailArg, to: Values, { map, values }: Held): Code<"c"> {
  const [sign, isLast] = [kind === "arg-max" ? 1 : -1, last ? 1 : 0];
  return c`arg(${to.code}, ${values.code}, ${lines(map, [axis])}, ${sign}, ${isLast})`;
}
