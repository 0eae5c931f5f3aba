import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { oneOverOnePlus, softmax } from "../../src/golden/softmax.ts";
import { filled, intMap, nodeBase } from "./helpers.ts";

const models = new URL("../../../shared/models/", import.meta.url);
const networks = [
  { name: "mobilenet_v1_0.25_128", dtype: "uint8", scale: 0.130832836 },
  { name: "mobilenet_v1_1.0_224", dtype: "uint8", scale: 0.166099221 },
  { name: "mobilenet_v2_1.0_224", dtype: "uint8", scale: 0.0988925397 },
  { name: "resnet8_cifar10", dtype: "int8", scale: 0.171853513 },
  { name: "vww_96_int8", dtype: "int8", scale: 0.0146362185 },
] as const;
const node = { ...nodeBase, kind: "softmax", beta: 1 } as const;

it("gives equal logits equal shares", () => {
  const input = filled([7, 7, 7, 7], { channels: 4, scale: 0.1 });
  expect([...softmax(node, input, intMap({ channels: 4 }))]).toEqual([-64, -64, -64, -64]);
});

it("is within one step of the real softmax, row by row", () => {
  const logits = [3, -40, 20, 60, -128, 127, 100, 90];
  const input = filled(logits, { width: 2, channels: 4, scale: 0.05 });
  const got = softmax(node, input, intMap({ width: 2, channels: 4 }));
  [logits.slice(0, 4), logits.slice(4)].forEach((row, r) => {
    const exps = row.map((x) => Math.exp(x * 0.05));
    const sum = exps.reduce((a, b) => a + b);
    exps.forEach((e, i) =>
      expect(Math.abs(got[r * 4 + i]! - ((e / sum) * 256 - 128))).toBeLessThanOrEqual(1),
    );
  });
});

it("divides by gemmlowp's three Newton-Raphson steps, bit for bit", () => {
  // SaturatingRoundingDoublingHighMul in integers of any size: division truncates
  const half = 1n << 30n;
  const high = (a: bigint, b: bigint): bigint => (a * b + (a * b < 0n ? 1n - half : half)) / (2n * half);
  const stepped = (a: bigint): bigint => {
    const denominator = (a + 2n * half) / 2n;
    let x = 1515870810n + high(denominator, -1010580540n);
    for (const _ of [1, 2, 3]) x += 4n * high(x, (1n << 29n) - high(denominator, x));
    return 2n * x < 2n * half ? 2n * x : 2n * half - 1n;
  };
  const operands = [0, 1, 2, 3, 12345, 2 ** 29, 2 ** 30 - 1, 2 ** 30 + 7, 2 ** 31 - 2, 2 ** 31 - 1];
  expect(operands.map(oneOverOnePlus)).toEqual(operands.map((a) => Number(stepped(BigInt(a)))));
});

describe.runIf(existsSync(models))("softmax of the reference kernels", () => {
  it.each(networks)("$name: every packed output, byte for byte", ({ name, dtype, scale }) => {
    const files = readdirSync(new URL(`${name}/logits/`, models)).filter((f) => f.endsWith(".bin"));
    expect(files.length).toBeGreaterThanOrEqual(8);
    const centre = dtype === "uint8" ? 128 : 0;
    for (const file of files) {
      const read = (folder: string): Int8Array =>
        Int8Array.from(readFileSync(new URL(`${name}/${folder}/${file}`, models)), (x) => x - centre);
      const logits = read("logits");
      const shape = { channels: logits.length, scale: Math.fround(scale), dtype } as const;
      expect(softmax(node, filled(logits, shape), intMap(shape))).toEqual(read("output"));
    }
  });
});
