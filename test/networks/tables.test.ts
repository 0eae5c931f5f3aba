/** Functions of single values as tables that the program brings along: every result of every phase compared. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lint, lintTools } from "../../hw/lint/lint.ts";
import type { ActivationName } from "../../src/ir/activation-kernel.ts";
import { buildNetwork, type Network } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { TABLE_BYTES } from "../../src/format/check.ts";
import { maskOf } from "../../src/format/registers.ts";
import { withTables } from "../support/tables.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { seededInteger } from "./hardware.ts";
import { pruned } from "./pruned.ts";

const accelerator = accelerators();

/** A kernel that stays one, beside tables. */
const kept: ActivationName = "sigmoid";

/** Behind packer, three phases, a sum, windows, both parts of a fire module, pools, streamed tiles, and where no layer makes the values. */
function network(): Network {
  const b = buildNetwork("tables", { height: 33, width: 29, channels: 3 });
  let map = b.conv("conv1", b.input, 11, { kernel: 3, stride: 2, activation: "hard-swish" });
  const wide = b.conv("b2/expand", map, 42, { kernel: 1, activation: "hard-swish" });
  const deep = b.depthwise("b2/depthwise", wide, { kernel: 3, activation: "tanh" });
  map = b.add("sum2", b.conv("b2/project", deep, 11, { kernel: 1, activation: "hard-swish" }), map);
  map = b.activation("tanh2", map, "tanh");
  map = b.depthwise("deep3", map, { kernel: 3, stride: 2, activation: "leaky-relu" });
  map = b.conv("point3", map, 20, { kernel: 1, activation: kept });
  const squeeze = b.conv("fire4/squeeze", map, 6, { kernel: 1, activation: "tanh" });
  const one = b.conv("fire4/one", squeeze, 32, { kernel: 1, activation: "tanh" });
  const three = b.conv("fire4/three", squeeze, 19, { kernel: 3, activation: "tanh" });
  map = b.maxPool("pool4", b.concat("fire4/concat", [one, three]), { kernel: 2, stride: 2 });
  map = b.conv("wide5", map, 300, { kernel: 3, activation: "hard-swish" });
  map = b.conv("narrow5", map, 24, { kernel: 1, activation: "leaky-relu" });
  map = b.maxPool("pool5", map, { kernel: 3, stride: 2 });
  map = b.globalAverage("average", b.activation("swish6", map, "hard-swish"));
  b.conv("classes", map, 10, { kernel: 1 });
  return b.finish();
}

/** Kernels but `kept` as tables, each with entries of its own; the two parts of the fire module have one. */
function graphOf(): IntGraph {
  return withTables(seededInteger(network(), 1), (name, kernel, i) => {
    if (kernel === kept) return null;
    return /^fire4.(one|three)/.test(name) ? 1000 : i;
  });
}

describe.each([
  ["4x4", "bytes=8,latency=25", false],
  ["8x8", "bytes=16,latency=40", true],
])("%s, %s, packed %s", (array, memory, packed) => {
  const hardware = accelerator([graphOf()], array, memory, packed);

  test("every value is the table's", async () => {
    const plan = hardware.plans[0]!;
    const { graph } = plan;
    expect(plan.hostNodes).toEqual([]);
    expect(plan.activations.map(({ name }) => name)).toEqual([kept]);
    expect(plan.hardware.tables).toBe(true);
    // eleven tables for eight slots
    expect(plan.blocks.map(({ tables }) => tables?.values.length ?? 0).join("")).toBe("131121110");
    const inputs = [noise(graph, 1), noise(graph, 2)];
    const result = await hardware.run(0, inputs);
    expectBitExact(result);
    expectPredicted(result, 40 * result.report.layers.length);
  });
});

describe.each([
  ["plain records", () => graphOf(), undefined],
  ["coded segments", () => pruned(graphOf(), 0.3, 6), true],
] as const)("a wrong bit of a table, between %s", (_, graph, sparse) => {
  test("ends the image with the error of the weights, and the next is right", async () => {
    const hardware = accelerator([graph()], "4x8", "bytes=8,latency=25", false, undefined, sparse);
    const plan = hardware.plans[0]!;
    expect(plan.hardware.patchWords > 0).toBe(sparse === true);
    const inputs = [noise(plan.graph, 1), noise(plan.graph, 2)];
    expectBitExact(await hardware.run(0, inputs));
    const tables = plan.blocks.flatMap(({ tables }) =>
      (tables?.values ?? []).map((_, i) => (tables?.offset ?? NaN) + TABLE_BYTES * i),
    );
    expect(tables).toHaveLength(11);
    for (const [i, at] of tables.entries()) {
      const offset = at + ((i * 53) % TABLE_BYTES);
      const { report, result } = await hardware.run(0, inputs, {
        stress: { flips: [{ offset, bit: i % 8 }] },
      });
      expect(result.images.map(({ errorRegister }) => errorRegister)).toEqual([
        maskOf("error", "weights"),
        0,
      ]);
      expect(report.inputs[1]!.bitExact).toBe(true);
    }
  });
});

test("lint tools find nothing in their Verilog", async () => {
  const { compiledDir } = accelerator([graphOf()], "4x4", "bytes=8,latency=25");
  const files = readFileSync(join(compiledDir, "files.f"), "utf8").trim().split("\n");
  const verilog = files.map((file) => join(compiledDir, file));
  for (const tool of lintTools) expect(await lint(tool, "top", verilog), tool).toBe("");
});
