import { expect, it } from "vitest";
import { digitsOf } from "../../src/4-schedule/small/parameters.ts";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";

/** floor((value * multiplier + nudge) / 2^31) with the nudge of the module's head. */
function product(value: number, multiplier: number): bigint {
  const nudge = value < 0 ? -(2n ** 30n) : 2n ** 30n;
  return (BigInt(value) * BigInt(multiplier) + nudge) >> 31n;
}

const edges = [0, 1, -1, 2, -2, 0x7fffffff, -0x80000000, 0x40000000, -0x40000000, 0x55555555, -0x55555556];
const multipliers = [0, 1, 2, 3, 2 ** 30, 2 ** 30 + 1, 2 ** 31 - 1, 2 ** 31 - 2, 0x55555555, 0x6aaaaaab];

it("multiplies any value by any multiplier, one after the other without a pause", () =>
  withModule("small_scaler", {}, (dut) => {
    const random = benchRandom(5);
    const pairs = [
      ...edges.flatMap((value) => multipliers.map((multiplier) => [value, multiplier] as const)),
      ...Array.from(
        { length: 5000 },
        () => [random.below(2 ** 32) - 2 ** 31, random.below(2 ** 31)] as const,
      ),
    ];
    for (const [value, multiplier] of pairs) {
      const digits = digitsOf(multiplier);
      dut.poke("take_i", 1);
      dut.poke("value_i", value >>> 0);
      dut.step();
      dut.poke("take_i", 0);
      dut.poke("value_i", random.below(2 ** 32));
      for (let step = 0; step < 8; step += 1) {
        dut.poke("digits_i", (digits[2 * step]! & 3) | ((digits[2 * step + 1]! & 3) << 2));
        dut.eval();
        if (step < 7) dut.step();
      }
      expect(dut.peekSigned("product_o"), `${value} * ${multiplier}`).toBe(product(value, multiplier));
    }
  }));
