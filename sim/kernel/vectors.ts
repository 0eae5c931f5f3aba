/** Operands that a kernel is tried with. */
import { bitsOf, rangeOf, type KernelPort } from "../../codegen/hls/format.ts";
import type { BenchRandom } from "../bench/index.ts";
import { item } from "../../src/ir/known.ts";

export interface Vectors {
  readonly length: number;
  /** The next operands, a value for each port. */
  next(): readonly bigint[];
}

/** Corner values in all combinations, `mostCorners` of them where they are more, then `count` random ones of every size. */
export function operands(
  ports: readonly KernelPort[],
  count: number,
  mostCorners: number,
  random: BenchRandom,
): Vectors {
  const corners = ports.map(cornerValues);
  const combinations = corners.reduce((product, values) => product * values.length, 1);
  const chosen = Math.min(combinations, mostCorners);
  let index = 0;
  const corner = (): bigint[] => {
    let rest = index;
    return corners.map((values) => {
      const place = combinations <= mostCorners ? rest % values.length : random.below(values.length);
      rest = Math.floor(rest / values.length);
      return item(values, place);
    });
  };
  return {
    length: chosen + count,
    next() {
      const vector = index < chosen ? corner() : ports.map((port) => randomValue(port, random));
      index += 1;
      return vector;
    },
  };
}

/** Every value of a narrow port; of a wide one the ends, what lies around 0, and powers of two. */
function cornerValues({ format }: KernelPort): bigint[] {
  const { low, high } = rangeOf(format);
  if (high - low < 16n) return Array.from({ length: Number(high - low) + 1 }, (_, i) => low + BigInt(i));
  const middle = 1n << BigInt(bitsOf(format) >> 1);
  const values = [low, low + 1n, -middle, -1n, 0n, 1n, 2n, middle - 1n, middle, high - 1n, high];
  return [...new Set(values)].filter((value) => value >= low && value <= high);
}

function randomValue({ format }: KernelPort, random: BenchRandom): bigint {
  const bits = bitsOf(format);
  const isSigned = format.kind === "int" && format.signed;
  // Half of the values are small ones, where most special cases are.
  const size = random.chance(50) ? bits : 1 + random.below(bits);
  const value = random.bits(size);
  return isSigned ? BigInt.asIntN(size, value) : value;
}
