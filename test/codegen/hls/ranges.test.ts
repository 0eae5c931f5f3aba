/** Ranges that the compiler knows of results: a type that holds them is taken, the next narrower one is refused. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { HlsError } from "../../../codegen/hls/diagnostics.ts";
import { readKernels } from "../../../codegen/hls/kernel.ts";
import { magnitudeRange, squareRange } from "../../../codegen/hls/result-range.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

const functions = "abs, clamp, concat, int, max, min, round, saturateInt, saturateUint, uint";

/** The range of an expression of x and y, from what the compiler says when it is to become one bit. */
function rangesOf(expressions: readonly (readonly [x: string, y: string, expression: string])[]) {
  return inTemporaryFolder((folder) => {
    const file = join(folder, "kernels.ts");
    const lines = expressions.map(
      ([x, y, expression], i) =>
        `export function k${i}(x: ${x}, y: ${y}): UInt<1> { return uint(1, ${expression}); }`,
    );
    const imports = `import { ${functions}, type Int, type UInt } from "firebrick/hls";\nvoid [${functions}];\n`;
    writeFileSync(file, imports + lines.join("\n"));
    try {
      readKernels(file);
    } catch (error) {
      if (!(error instanceof HlsError)) throw error;
      return error.diagnostics.map(({ message }) => /can be (\S+),/.exec(message)?.[1] ?? message);
    }
    return [];
  });
}

it("knows the ranges of functions at the ends of their operands", async () => {
  const cases = [
    ["abs(x)", "Int<8>", "Int<8>", "0..128"],
    ["abs(x + 3n)", "Int<8>", "Int<8>", "0..130"],
    ["abs(min(x, -3n))", "Int<8>", "Int<8>", "3..128"],
    ["abs(max(x, 3n))", "Int<8>", "Int<8>", "3..127"],
    ["abs(x)", "UInt<8>", "Int<8>", "0..255"],
    ["abs(x - y)", "Int<8>", "Int<8>", "0..255"],
    ["x * x", "Int<8>", "Int<8>", "0..16384"],
    ["x * y", "Int<8>", "Int<8>", "-16256..16384"],
    ["min(x, y)", "Int<8>", "UInt<4>", "-128..15"],
    ["max(x, y)", "Int<8>", "UInt<4>", "0..127"],
    ["clamp(x, -5n, 3n)", "Int<8>", "Int<8>", "-5..3"],
    ["clamp(x, 5n, 300n)", "Int<8>", "Int<8>", "5..127"],
    ["saturateInt(4, x)", "Int<8>", "Int<8>", "-8..7"],
    ["saturateUint(4, x)", "Int<8>", "Int<8>", "0..15"],
    ["round(x, 2)", "Int<8>", "Int<8>", "-32..32"],
    ["concat(min(x, 5n), y, 4)", "UInt<4>", "UInt<4>", "0..95"],
    ["concat(x, y, 4)", "Int<4>", "UInt<4>", "-128..127"],
    ["-x", "Int<8>", "Int<8>", "-127..128"],
  ] as const;
  const found = await rangesOf(cases.map(([expression, x, y]) => [x, y, expression]));
  expect(cases.map(([expression], i) => [expression, found[i]])).toEqual(
    cases.map(([expression, , , range]) => [expression, range]),
  );
});

it("holds every magnitude and square of a range, and its ends are reached", () => {
  for (let low = -5n; low <= 5n; low += 1n)
    for (let high = low; high <= 5n; high += 1n) {
      const values = Array.from({ length: Number(high - low) + 1 }, (_, i) => low + BigInt(i));
      const ends = (list: readonly bigint[]) => {
        const sorted = list.toSorted((a, b) => Number(a - b));
        return { low: sorted[0], high: sorted.at(-1) };
      };
      expect(magnitudeRange({ low, high })).toEqual(ends(values.map((x) => (x < 0n ? -x : x))));
      expect(squareRange({ low, high })).toEqual(ends(values.map((x) => x * x)));
    }
});
