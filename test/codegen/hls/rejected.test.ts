import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compileKernels } from "../../../codegen/hls/compile.ts";
import { HlsError } from "../../../codegen/hls/diagnostics.ts";
import type { Diagnostic } from "../../../src/typescript/diagnostic.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

const header = `import { bit, int, lookup, round, slice, uint, wrapInt, type Int, type UInt } from "firebrick/hls";\n`;
const shared =
  "let state = 0n;\nconst table = [1n, 2n, 3n], rows = [[1n, 2n]];\nvoid [state, table, rows, bit, int, lookup, round, slice, uint, wrapInt];\n";

/** What the compiler complains of in a file with these lines after four lines of imports and constants. */
function complaints(source: string): Promise<readonly Diagnostic[]> {
  return inTemporaryFolder((folder) => {
    const file = join(folder, "kernel.ts");
    writeFileSync(file, header + shared + source);
    try {
      compileKernels(file, { maxDepth: 8 });
    } catch (error) {
      if (error instanceof HlsError) return error.diagnostics;
      throw error;
    }
    return [];
  });
}

const kernel = (body: string): string => `export function k(x: Int<8>): Int<8> {\n  ${body}\n}\n`;

/** The complaint's code, line and column; the body of a kernel starts in line 6, column 3. */
const rejected: readonly (readonly [name: string, source: string, place: string])[] = [
  ["a lost bit", kernel("return int(8, x + 1n);"), "HLS008 6:10"],
  ["a lost sign", kernel("return wrapInt(8, uint(8, x));"), "HLS008 6:21"],
  ["a decimal", kernel("const a = 0.5; void a; return x;"), "HLS002 6:13"],
  ["a number that is no integer", kernel("return int(8, x >> BigInt(1 / 2));"), "HLS002 6:29"],
  ["Math", kernel("return wrapInt(8, x + BigInt(Math.sqrt(4)));"), "HLS002 6:32"],
  ["while", kernel("while (x > 0n) {}\n  return x;"), "HLS003 6:3"],
  ["do", kernel("do {} while (x > 0n);\n  return x;"), "HLS003 6:3"],
  ["a bound that is data", kernel("for (let i = 0n; i < x; i++) {}\n  return x;"), "HLS003 6:20"],
  ["no bound", kernel("for (;;) {}\n  return x;"), "HLS003 6:3"],
  ["an endless loop", kernel("for (let i = 0; i >= 0; i++) {}\n  return x;"), "HLS003 6:19"],
  ["recursion", kernel("return k(x);"), "HLS004 6:10"],
  ["an arrow function", kernel("const f = () => x;\n  return f();"), "HLS005 6:13"],
  ["a nested function", kernel("function f() {}\n  f();\n  return x;"), "HLS005 6:3"],
  ["a cast", kernel("return (x + 1n) as Int<8>;"), "HLS006 6:10"],
  ["any", kernel("const a: any = x;\n  return a;"), "HLS006 6:12"],
  ["a module's variable", kernel("state = x;\n  return x;"), "HLS007 6:3"],
  ["reading a module's variable", kernel("return wrapInt(8, state);"), "HLS007 6:21"],
  ["a change of a table", kernel("table[0] = x;\n  return x;"), "HLS007 6:3"],
  ["a change of a row of a table", kernel("rows[0]![1] = x;\n  return x;"), "HLS007 6:3"],
  [
    "a change of a chosen array",
    kernel("const a = [x];\n  const b = x > 0n ? a : [x];\n  b[0] = x;\n  return x;"),
    "HLS007 8:3",
  ],
  [
    "a number that paths disagree on",
    kernel("let i = 0;\n  if (x > 0n) i = 1;\n  return wrapInt(8, table[i]!);"),
    "HLS010 8:21",
  ],
  ["throw", kernel("if (x > 3n) throw x;\n  return x;"), "HLS007 6:15"],
  ["try", kernel("try { return x; } finally {}"), "HLS007 6:3"],
  ["async", "export async function k(x: Int<8>): Promise<Int<8>> {\n  return x;\n}\n", "HLS007 5:23"],
  ["a string", kernel('void "text";\n  return x;'), "HLS001 6:8"],
  ["an object", kernel("const a = { x };\n  return a.x;"), "HLS001 6:13"],
  ["a class", kernel("class A {}\n  void A;\n  return x;"), "HLS001 6:3"],
  ["new", kernel("void new Map();\n  return x;"), "HLS001 6:8"],
  ["switch", kernel("switch (x) { default: return x; }"), "HLS001 6:3"],
  ["break", kernel("for (let i = 0; i < 4; i++) break;\n  return x;"), "HLS001 6:31"],
  ["spread", kernel("const a = [...[x]];\n  return a[0]!;"), "HLS001 6:14"],
  [
    "a parameter of 65 bits",
    "export function k(x: Int<65>): Int<8> {\n  return wrapInt(8, x);\n}\n",
    "HLS009 5:19",
  ],
  ["a string parameter", "export function k(x: string): Int<8> {\n  return int(8, 1n);\n}\n", "HLS009 5:19"],
  ["a result without width", "export function k(x: Int<8>): bigint {\n  return x;\n}\n", "HLS009 5:31"],
  ["an index outside", kernel("return int(8, lookup(table, x & 3n));"), "HLS011 6:17"],
  ["a computed place outside", kernel("return int(8, table[Number(x & 3n)]!);"), "HLS011 6:17"],
  [
    "an assignment outside",
    kernel("const a = [x, x];\n  a[Number(x & 3n)] = x;\n  return a[0]!;"),
    "HLS011 7:3",
  ],
  [
    "a change of a row of a table at a computed place",
    kernel("const a = lookup(rows, x & 0n);\n  a[0] = x;\n  return x;"),
    "HLS007 7:3",
  ],
  [
    "a change of an array of which a row was read",
    kernel(
      "const a = [[x], [x]];\n  const b = a[Number(x & 1n)]!;\n  a[0]![0] = int(8, 0n);\n  return b[0]!;",
    ),
    "HLS007 8:3",
  ],
  [
    "rows of different lengths",
    kernel("const a = [[x], [x, x]];\n  return a[Number(x & 1n)]![0]!;"),
    "HLS001 7:10",
  ],
  ["a negative shift", kernel("return wrapInt(8, x << x);"), "HLS012 6:21"],
  ["places to round of that no shift has", kernel("return int(8, round(x, 1e9));"), "HLS012 6:17"],
  ["a negative place to round at", kernel("return int(8, round(x, 0 - 1e9));"), "HLS012 6:17"],
  ["a bit below the lowest", kernel("return bit(x, 0 - 1e9) ? x : int(8, 0n);"), "HLS012 6:10"],
  ["bits from a place below the lowest", kernel("return wrapInt(8, slice(x, 1, 0 - 1e9));"), "HLS012 6:21"],
  ["a divisor of 0", kernel("return wrapInt(8, 1n / x);"), "HLS013 6:21"],
  ["too many bits", kernel("return wrapInt(8, x << 255n << 255n << 9n);"), "HLS014 6:21"],
  ["no kernel", "export const a = 1n;\n", "HLS015 1:1"],
  ["a library function", kernel("return int(8, [x].indexOf(x) > 0 ? 1n : 0n);"), "HLS016 6:17"],
  ["a latency of 0", `/** @latency 0 */\n${kernel("return x;")}`, "HLS017 5:5"],
  ["a stage after the last", `/**\n * @latency 2\n * @stage 3 x\n */\n${kernel("return x;")}`, "HLS017 7:4"],
  [
    "the stage of something else",
    `/**\n * @latency 2\n * @stage 2 y\n */\n${kernel("return x;")}`,
    "HLS017 7:4",
  ],
  [
    "fewer stages than reads of block RAM take",
    `const big = Array.from({ length: 1024 }, (_, i) => BigInt(i * 7));
/** @latency 1 */
export function k(x: UInt<10>): UInt<13> {
  return uint(13, lookup(big, lookup(big, x) & 1023n));
}\n`,
    "HLS017 6:5",
  ],
  ["a type error", kernel("return x + 1n;"), "TS2322 6:3"],
  ["an unknown name", kernel("return y;"), "TS2304 6:10"],
];

it.each(rejected)("refuses %s", async (_name, source, place) => {
  const found = (await complaints(source)).map(({ rule, line, column }) => `${rule} ${line}:${column}`);
  expect(found).toContain(place);
});

it("tells of everything at once, with the line, a caret and a fix", async () => {
  const found = await complaints(kernel("while (x > 0n) {}\n  return int(8, x * x);"));
  expect(found.map(({ rule }) => rule)).toEqual(["HLS003", "HLS008"]);
  const text = new HlsError(found).message.split("\n\n").at(-1);
  expect(text?.split("\n")).toEqual([
    "7   return int(8, x * x);",
    "           ^~~~~~~~~~~~~",
    "  fix: write wrapInt, saturateInt or clamp, or ask for more bits",
  ]);
});

it("lets anything run in Node that only makes constants", async () => {
  const source = `function made() { return [1.5, 2.5].map((v) => BigInt(Math.round(v))); }\nconst t = made();\n`;
  expect(await complaints(source + kernel("return wrapInt(8, x * t[1]!);"))).toEqual([]);
});
