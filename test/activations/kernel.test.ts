import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { activationKernel } from "../../src/activations/kernel.ts";
import { shippedActivations, type ShippedActivation } from "../../src/ir/activation-kernel.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

const gate = (x: number): number => Math.min(Math.max(x + 3, 0), 6) / 6;

/** What each kernel stands for, and how far its result may lie from it, in its last binary place. */
const real: Record<ShippedActivation, readonly [(x: number) => number, number]> = {
  "hard-sigmoid": [gate, 1.2],
  "hard-swish": [(x) => x * gate(x), 0.51],
  // 13 / 128 stands for 0.1
  "leaky-relu": [(x) => (x < 0 ? 0.1 * x : x), 0.7],
  sigmoid: [(x) => 1 / (1 + Math.exp(-x)), 1],
  tanh: [Math.tanh, 1],
};

describe.each(shippedActivations)("%s", (name) => {
  it("is the function that it is called after", () => {
    const { places, table } = activationKernel(name);
    const [of, tolerance] = real[name];
    let worst = 0;
    table.forEach((value, i) => {
      const wanted = of((i - 128) / 2 ** places.operand) * 2 ** places.result;
      worst = Math.max(worst, Math.abs(value - wanted));
    });
    expect(worst).toBeLessThanOrEqual(tolerance);
    expect(new Set(table).size).toBeGreaterThan(60);
  });
});

const kernel = (body: string, tags = "@places x 4\n * @places result 4"): string =>
  `import { type Int } from "firebrick/hls";\n/**\n * ${tags}\n */\nexport function own(x: Int<8>): Int<8> {\n${body}\n}\n`;

async function refusal(text: string, name = "own.ts"): Promise<string> {
  return inTemporaryFolder((folder) => {
    writeFileSync(join(folder, "own.ts"), text);
    try {
      activationKernel(join(folder, name));
    } catch (error) {
      return String(error instanceof Error ? error.message : error).replaceAll(`${folder}/`, "");
    }
    return "";
  });
}

it("reads formats and stages from the comment above the function", () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, "own.ts");
    writeFileSync(path, kernel("return x;", "@places x 3\n * @places result 5\n * @latency 9"));
    const read = activationKernel(`${path}#own`);
    expect(read).toMatchObject({ name: "own", latency: 9, places: { operand: 3, result: 5 } });
    expect([...read.table.subarray(0, 2)]).toEqual([-128, -127]);
  }));

it("looks at no other function of the file", () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, "own.ts");
    writeFileSync(path, `${kernel("return x;")}export function other(x: bigint): bigint {\n  return x;\n}\n`);
    expect(activationKernel(`${path}#own`).name).toBe("own");
    expect(() => activationKernel(path)).toThrow(/exports own, other/);
  }));

it("says what a file lacks", async () => {
  expect(await refusal(kernel("return x;", "@places x 4"))).toMatch(
    /broken-activation: own\.ts: found own does not say how many binary places result has/,
  );
  const odd = "@places x 4\n * @places result 4\n * @latency soon";
  expect(await refusal(kernel("return x;", odd))).toMatch(/own\.ts: found @latency soon; .*ask for 1 to 64/);
  expect(await refusal(kernel("return x;"), "own.ts#other")).toMatch(/found exports own/);
  expect(await refusal(kernel("return x;"), "none.ts")).toMatch(/none\.ts: found no such file/);
  expect(await refusal(kernel("return (x + 1n) as Int<8>;"))).toMatch(/own\.ts#own: found 128 for 127/);
  expect(await refusal(kernel('throw new Error("no");'))).toMatch(/found Error: no for -128/);
  expect(await refusal(`${kernel("return x;")}export const a = ;\n`)).toMatch(
    /own\.ts:\d+: found Expression/,
  );
});

it.each(shippedActivations)("%s says in code what its file says", (name) => {
  const { file, latency, name: id, places, table } = activationKernel(name);
  expect(activationKernel(file)).toMatchObject({ latency, name: id, places, table });
});
