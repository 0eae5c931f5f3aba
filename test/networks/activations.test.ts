/** Kernels as activations, of hw/kernels and of a user's: every result of every phase compared. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lint, lintTools } from "../../hw/lint/lint.ts";
import type { ActivationName } from "../../src/ir/activation-kernel.ts";
import { InputError } from "../../src/ir/errors.ts";
import { buildNetwork, type Network } from "../../src/ir/builder.ts";
import { packagePath } from "../../src/platform/package.ts";
import { compileModel } from "../support/compiled.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { seededInteger } from "./hardware.ts";

const accelerator = accelerators();

const squared: ActivationName = `${packagePath("test", "networks", "kernels")}/squared.ts#squared`;

/** Behind packer, three phases, a fire module's concatenation, pools, streamed tiles, and where no layer makes the values. */
function activated(): Network {
  const b = buildNetwork("activated", { height: 33, width: 29, channels: 3 });
  let map = b.conv("conv1", b.input, 11, { kernel: 3, stride: 2, activation: "hard-swish" });
  const wide = b.conv("b2/expand", map, 42, { kernel: 1, activation: "hard-swish" });
  const deep = b.depthwise("b2/depthwise", wide, { kernel: 3, activation: squared });
  map = b.add("sum2", b.conv("b2/project", deep, 11, { kernel: 1 }), map);
  map = b.activation("tanh2", map, "tanh");
  map = b.depthwise("deep3", map, { kernel: 3, stride: 2, activation: "leaky-relu" });
  map = b.conv("point3", map, 20, { kernel: 1, activation: squared });
  const squeeze = b.conv("fire4/squeeze", map, 6, { kernel: 1, activation: "sigmoid" });
  const one = b.conv("fire4/one", squeeze, 32, { kernel: 1, activation: "tanh" });
  const three = b.conv("fire4/three", squeeze, 19, { kernel: 3, activation: "tanh" });
  map = b.maxPool("pool4", b.concat("fire4/concat", [one, three]), { kernel: 2, stride: 2 });
  map = b.conv("wide5", map, 300, { kernel: 3, activation: "hard-swish" });
  map = b.conv("narrow5", map, 24, { kernel: 1 });
  b.conv("classes", b.globalAverage("average", map), 10, { kernel: 1, activation: "hard-sigmoid" });
  return b.finish();
}

describe.each([
  ["4x4", "bytes=8,latency=25", false],
  ["8x8", "bytes=16,latency=40", true],
])("%s, %s, packed %s", (array, memory, packed) => {
  const hardware = accelerator([seededInteger(activated(), 1)], array, memory, packed);

  test("every value equals the function's", async () => {
    const { graph, activations } = hardware.plans[0]!;

    expect(activations.map(({ name }) => name)).toEqual([
      ...["hardSwish", "squared", "tanh", "leakyRelu", "sigmoid", "hardSigmoid"],
    ]);
    expect(hardware.plans[0]!.hardware.activationStages).toBe(6);
    const inputs = [noise(graph, 1), noise(graph, 2)];
    const result = await hardware.run(0, inputs);
    expectBitExact(result);
    expectPredicted(result, 40 * result.report.layers.length);
    // the kernels have something to do: all of them map several values to others
    const used = graph.nodes.flatMap((node) => (node.kind === "activation" ? [node] : []));
    for (const { inputs: from, kernel, name, output } of used) {
      const [before, after] = [result.golden[0]!.maps.get(from[0]!)!, result.golden[0]!.maps.get(output)!];
      expect([...after], name).toEqual([...before].map((x) => kernel.table[x + 128]));
      expect(new Set(after).size, name).toBeGreaterThan(2);
    }
  });
});

test("lint tools find nothing in their Verilog", async () => {
  const { compiledDir } = accelerator([seededInteger(activated(), 1)], "4x4", "bytes=8,latency=25");
  const files = readFileSync(join(compiledDir, "files.f"), "utf8").trim().split("\n");
  const verilog = files.map((file) => join(compiledDir, file));
  for (const tool of lintTools) expect(await lint(tool, "top", verilog), tool).toBe("");
});

test("sixteen kernels are one too many", () => {
  const b = buildNetwork("sixteen", { height: 8, width: 8, channels: 4 });
  const first = seededInteger(
    ((): Network => {
      b.conv("conv", b.input, 4, { kernel: 1, activation: "hard-swish" });
      return b.finish();
    })(),
    1,
  );
  const [conv, act] = first.nodes;
  if (conv?.kind !== "conv" || act?.kind !== "activation") throw new Error("a convolution and its kernel");
  const nodes = [conv, act];
  const maps = new Map(first.maps);
  for (let n = 1; n < 16; n++) {
    const id = 100 + n;
    maps.set(id, { ...maps.get(act.output)!, id, name: `map_${n}` });
    const kernel = { ...act.kernel, name: `hardSwish_${n}` };
    nodes.push({ ...act, name: `act_${n}`, inputs: [nodes.at(-1)!.output], output: id, kernel });
  }
  const graph = { ...first, maps, nodes, logits: 115, output: 115 };
  const compile = () => compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8 });
  expect(compile).toThrow(InputError);
  expect(compile).toThrow(/kernel number 16, hardSwish_15/);
});
