import { expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { packFields, withModule } from "./helper.ts";
import { randomSigned } from "./support/bytes.ts";

it.each([
  { Count: 2, Width: 3 },
  { Count: 16, Width: 17 },
])("adds $Count terms of $Width bits, new ones each cycle", ({ Count, Width }) =>
  withModule("adder_tree", { Count, Width }, (dut) => {
    const random = benchRandom(4);
    const levels = Math.log2(Count);
    const ends = [-(2 ** (Width - 1)), 2 ** (Width - 1) - 1];
    const all = Array.from({ length: 500 }, (_, i) =>
      Array.from({ length: Count }, () => ends[i] ?? randomSigned(random, Width)),
    );
    const got = Array.from({ length: all.length + levels - 1 }, (_, cycle) => {
      dut.poke("terms_i", packFields(all[cycle] ?? all.flat().slice(0, Count), Width));
      dut.step();
      return Number(BigInt.asIntN(Width + levels, dut.peek("sum_o")));
    });
    expect(got.slice(levels - 1)).toEqual(all.map((terms) => terms.reduce((sum, term) => sum + term)));
  }),
);
