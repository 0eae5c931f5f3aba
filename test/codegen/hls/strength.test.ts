import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compileKernels } from "../../../codegen/hls/compile.ts";
import { signedDigits } from "../../../codegen/hls/strength.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

/** The operators that `(x: type) => expression` becomes. */
function operators(expressions: readonly (readonly [type: string, expression: string])[], tag = "") {
  return inTemporaryFolder((folder) => {
    const file = join(folder, "kernels.ts");
    const kernels = expressions.map(
      ([type, expression], i) =>
        `/** ${tag} */\nexport function k${i}(x: ${type}): Int<64> {\n  return wrapInt(64, ${expression});\n}\n`,
    );
    writeFileSync(file, `import { wrapInt, type Int, type UInt } from "firebrick/hls";\n${kernels.join("")}`);
    return compileKernels(file, { maxDepth: 8 }).map(({ report }) => report.operators);
  });
}

it("multiplies by a constant of few signed digits with shifts and sums", async () => {
  const [seven, thirteen, negative, many] = await operators([
    ["Int<12>", "x * 7n"],
    ["UInt<12>", "x * 13n"],
    ["Int<12>", "x * -17n"],
    ["Int<12>", "x * 10923n"],
  ]);
  expect(seven).toMatchObject({ shl: 1, sub: 1 });
  expect(thirteen).toMatchObject({ shl: 2, add: 1, sub: 1 });
  expect(negative).toMatchObject({ shl: 1, add: 1, sub: 1 });
  for (const made of [seven, thirteen, negative]) expect(made).not.toHaveProperty("mul");
  // Eight digits are three sums one after the other: slower than a multiplier.
  expect(many).toEqual({ mul: 1 });
});

it("leaves products to multiplier blocks where @dsp asks for them", async () => {
  expect(await operators([["Int<12>", "x * 7n"]], "@dsp")).toEqual([{ mul: 1 }]);
});

it("divides by powers of two with shifts and masks", async () => {
  const made = await operators([
    ["UInt<12>", "x / 16n"],
    ["UInt<12>", "x % 16n"],
    ["UInt<12>", "x % -16n"],
    ["Int<12>", "x / 16n"],
  ]);
  expect(made.slice(0, 3)).toEqual([{ shr: 1 }, { and: 1 }, { and: 1 }]);
  expect(made[3]).toMatchObject({ lt: 1, mux: 1, add: 1, shr: 1 });
});

it("divides by other constants with a reciprocal", async () => {
  const made = await operators([
    ["UInt<16>", "x / 10n"],
    ["Int<16>", "x / -7n"],
    ["Int<16>", "x % 1000n"],
    ["UInt<64>", "x / 641n"],
  ]);
  for (const counts of made) {
    expect(counts).not.toHaveProperty("div");
    expect(counts).not.toHaveProperty("rem");
  }
});

it("signed digits are the number, with no two neighbours", () => {
  for (let value = -2000n; value <= 2000n; value += 1n) {
    const digits = signedDigits(value);
    const sum = digits.reduce(
      (all, { place, isNegative }) => all + (isNegative ? -1n : 1n) * (1n << BigInt(place)),
      0n,
    );
    expect(sum).toBe(value);
    const gaps = digits.slice(1).map(({ place }, i) => digits[i]!.place - place);
    expect(Math.min(2, ...gaps)).toBe(2);
  }
});
