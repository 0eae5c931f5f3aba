import { expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { packFields, withModule } from "./helper.ts";

const low = 2 ** 31;

/** Values around the ends of the range of int8 and around ties behind the shift. */
function interesting(shift: number, random: { below(limit: number): number }): number {
  const near =
    (random.below(600) - 300) * 2 ** shift + (random.below(3) - 1) + (random.below(2) * 2 ** shift) / 2;
  const value = random.below(4) === 0 ? random.below(2 ** 32) - low : Math.floor(near);
  return Math.max(-low, Math.min(low - 1, value));
}

it("rounds ties away from zero, adds the zero point and clamps", () =>
  withModule("small_rounder", {}, (dut) => {
    const random = benchRandom(9);
    const expected: number[] = [];
    const seen: number[] = [];
    let now = 0;
    const step = (): void => {
      dut.step();
      now += 1;
      // results stand four cycles behind the product, which stands one behind `take_i`
      if (now >= 5) seen.push(Number(dut.peekSigned("result_o")));
    };
    const layer = { zero: 0, min: -128, max: 127 };
    for (let group = 0; group < 6000; group += 1) {
      if (group % 500 === 0) {
        for (let i = 0; i < 8; i += 1) {
          step();
          expected.push(NaN);
        }
        layer.zero = random.below(256) - 128;
        layer.min = group % 1000 === 0 ? -128 : layer.zero;
        layer.max = group % 1500 === 0 ? 127 : Math.max(layer.min, random.below(256) - 128);
        dut.poke("zero_point_i", layer.zero & 255);
        dut.poke("min_i", layer.min & 255);
        dut.poke("max_i", layer.max & 255);
      }
      const lanes = Array.from({ length: 4 }, () => {
        const shift = random.below(32);
        return { shift, value: interesting(shift, random) };
      });
      // The scaler leaves negative products one lower, so that the bit behind the point rounds them.
      const products = lanes.map(({ value }) => (value < 0 ? Math.max(-low, value - 1) : value));
      for (const [lane, { shift, value }] of lanes.entries()) {
        dut.poke("take_i", lane === 0);
        if (lane === 0) dut.poke("products_i", packFields(products, 32));
        else dut.poke("products_i", random.bits(128));
        step();
        dut.poke("shift_i", shift);
        dut.eval();
        const exact = value === -low ? value + 1 : value;
        const rounded =
          Math.sign(exact) * Math.floor((Math.abs(exact) + (shift > 0 ? 2 ** (shift - 1) : 0)) / 2 ** shift);
        expected.push(Math.max(layer.min, Math.min(layer.max, rounded + layer.zero)));
      }
    }
    for (let i = 0; i < 5; i += 1) step();
    const checked = expected.flatMap((value, i) => (Number.isNaN(value) ? [] : [[value, seen[i]] as const]));
    expect(checked.length).toBe(24_000);
    expect(checked.filter(([want, got]) => want !== got).slice(0, 5)).toEqual([]);
  }));
