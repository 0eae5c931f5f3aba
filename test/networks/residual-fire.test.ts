/** Fire modules, max pools and residual adds: small networks, every result of every layer compared. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../src/4-schedule/plan.ts";
import type { CompileOptions } from "../support/compiled.ts";
import { buildNetwork, type Network, type NetworkBuilder, type NetworkMap } from "../../src/ir/builder.ts";
import { compileHardware, equal, seededInteger, type Hardware } from "./hardware.ts";

/** Squeeze, expand1x1 and expand3x3 channels. */
function fire(b: NetworkBuilder, name: string, input: NetworkMap, [s, one, three]: [number, number, number]) {
  const squeeze = b.conv(`${name}/squeeze`, input, s, { kernel: 1, activation: "relu" });
  return b.concat(name, [
    b.conv(`${name}/expand1x1`, squeeze, one, { kernel: 1, activation: "relu" }),
    b.conv(`${name}/expand3x3`, squeeze, three, { kernel: 3, padding: 1, activation: "relu" }),
  ]);
}

const ceil3 = { kernel: 3, stride: 2, rounding: "ceil" } as const;
const floor3 = { kernel: 3, stride: 2, rounding: "floor" } as const;
const ceil2 = { kernel: 2, stride: 2, rounding: "ceil" } as const;
const floor2 = { kernel: 2, stride: 2, rounding: "floor" } as const;

/** Resident Fire modules with every pool, on maps of even and odd sides; squeeze channels that do not fill a word. */
function pools(): Network {
  const b = buildNetwork("pools", { height: 46, width: 43, channels: 3 });
  const conv = b.conv("conv1", b.input, 10, { kernel: 3, padding: "valid", activation: "relu" });
  // 44 x 41: the last window reaches over the bottom, not the right
  let map = b.maxPool("pool1", conv, ceil3);
  // 22 x 20: both sides even, the last row and column are dropped
  map = b.maxPool("pool2", fire(b, "fire2", map, [3, 4, 6]), floor3);
  // 10 x 9
  map = fire(b, "fire3", map, [5, 8, 9]);
  map = b.maxPool("pool4", fire(b, "fire4", map, [6, 4, 8]), floor2);
  // 5 x 4
  map = b.maxPool("pool5", fire(b, "fire5", map, [4, 8, 3]), ceil2);
  // 3 x 2
  map = b.maxPool("pool6", fire(b, "fire6", map, [7, 12, 5]), ceil2);
  // 2 x 1
  map = b.conv("conv7", map, 6, { kernel: 1, activation: "relu" });
  b.softmax("softmax", b.globalAverage("average", map));
  return b.finish();
}

/** Fire modules whose weights stream, with pools behind several tiles, and a streamed convolution with one. */
function tiles(): Network {
  const b = buildNetwork("tiles", { height: 19, width: 22, channels: 3 });
  const conv = b.conv("conv1", b.input, 40, { kernel: 3, stride: 2, padding: 1, activation: "relu" });
  // 10 x 11
  let map = b.maxPool("pool2", fire(b, "fire2", conv, [17, 64, 104]), ceil3);
  // 5 x 5
  map = fire(b, "fire3", map, [20, 40, 96]);
  map = b.conv("conv4", map, 52, { kernel: 3, padding: 1, activation: "relu" });
  map = b.maxPool("pool4", map, floor2);
  map = b.conv("conv5", map, 9, { kernel: 1, activation: "relu" });
  b.globalAverage("average", map);
  return b.finish();
}

/** Residuals behind one phase, behind depthwise + pointwise, behind Fire, in front of a pool, from far away. */
function residuals(): Network {
  const b = buildNetwork("residuals", { height: 17, width: 14, channels: 3 });
  const conv = b.conv("conv1", b.input, 20, { kernel: 3, padding: 1, activation: "relu6" });
  const far = b.conv("conv2", conv, 12, { kernel: 1 });
  // one phase, 3 x 3
  const near = b.add("add3", b.conv("conv3", far, 12, { kernel: 3, padding: 1 }), far);
  // mobilenet v2: expand, depthwise, project
  const wide = b.conv("expand4", near, 28, { kernel: 1, activation: "relu6" });
  const deep = b.depthwise("depthwise4", wide, { kernel: 3, activation: "relu6" });
  const project = b.add("add4", near, b.conv("project4", deep, 12, { kernel: 1 }));
  // of a map four blocks back
  let map = b.add("add5", far, b.conv("conv5", project, 12, { kernel: 1 }));
  // simple bypass: pool behind the sum of 17 x 14
  const squeezed = b.conv("conv6", map, 20, { kernel: 1, activation: "relu" });
  map = b.add("bypass7", fire(b, "fire7", squeezed, [6, 8, 12]), squeezed);
  map = b.maxPool("pool7", map, ceil3);
  // complex bypass: the other operand is a convolution of the Fire module's input
  const side = b.conv("side8", map, 24, { kernel: 1 });
  map = b.add("bypass8", side, fire(b, "fire8", map, [5, 8, 16]));
  b.globalAverage("average", b.conv("conv9", map, 7, { kernel: 1 }));
  return b.finish();
}

/** Streamed blocks with residuals: strips of one phase, of two, and a Fire module in tiles. */
function streamedResiduals(): Network {
  const b = buildNetwork("streamed residuals", { height: 9, width: 7, channels: 4 });
  const conv = b.conv("conv1", b.input, 52, { kernel: 3, stride: 1, padding: 1, activation: "relu" });
  let map = b.add("add2", b.conv("conv2", conv, 52, { kernel: 1 }), conv);
  map = b.add("add3", b.conv("conv3", map, 52, { kernel: 3, padding: 1 }), map);
  const deep = b.depthwise("depthwise4", map, { kernel: 3, activation: "relu6" });
  map = b.add("add4", map, b.conv("project4", deep, 52, { kernel: 1 }));
  map = b.conv("conv5", map, 36, { kernel: 3, stride: 2, padding: 1, activation: "relu" });
  map = b.add("bypass6", fire(b, "fire6", map, [12, 8, 28]), map);
  map = b.maxPool("pool6", map, ceil3);
  b.globalAverage("average", b.conv("conv7", map, 5, { kernel: 1 }));
  return b.finish();
}

const streamed = ({ blocks }: Plan) => blocks.filter((block) => block.streamed).length;
const pooled = ({ blocks }: Plan) => blocks.filter((block) => block.pool).length;
const added = ({ blocks }: Plan) => blocks.filter((block) => block.residual).length;
const centred = ({ blocks }: Plan) => blocks.filter((block) => block.phases.at(-1)?.centreTap).length;

interface Case {
  readonly name: string;
  readonly network: Network;
  readonly options: CompileOptions;
  /** Blocks that stream, that have a pool, a residual, an expand1x1. */
  readonly counts: readonly [number, number, number, number];
}

const cases: Case[] = [
  {
    name: "pools on a 4 x 4 array",
    network: pools(),
    options: { array: { pk: 4, pc: 4 }, busBytes: 8 },
    counts: [0, 5, 0, 5],
  },
  {
    name: "tiles on an 8 x 4 array",
    network: tiles(),
    options: { array: { pk: 8, pc: 4 }, busBytes: 16 },
    counts: [3, 2, 0, 2],
  },
  {
    name: "residuals on a 4 x 8 array",
    network: residuals(),
    options: { array: { pk: 4, pc: 8 }, busBytes: 16 },
    counts: [0, 1, 5, 2],
  },
  {
    name: "streamed residuals on a 4 x 4 array",
    network: streamedResiduals(),
    options: { array: { pk: 4, pc: 4 }, busBytes: 8, buffers: { weightWords: 128 } },
    counts: [5, 1, 4, 1],
  },
];

describe.each(cases)("$name", ({ network, options, counts }) => {
  let hardware: Hardware;
  beforeAll(() => {
    hardware = compileHardware(seededInteger(network, 5), options);
  });
  afterAll(() => hardware.remove());

  it("has the blocks that this file wants to see", () => {
    const { plan } = hardware;
    expect([streamed(plan), pooled(plan), added(plan), centred(plan)]).toEqual(counts);
  });

  it("equals the golden model, image after image", async () => {
    expect(await hardware.run({ latency: 20 })).toMatchObject([equal, equal]);
  });

  it.each([
    { random: 40, seed: 3 },
    { bytes: 2, latency: 90, outstanding: 2 },
    { bytes: 64, latency: 1, refresh: { period: 500, length: 60 } },
  ])("equals it on a memory of %o", async (memory) => {
    expect(await hardware.run(memory)).toMatchObject([equal, equal]);
  });

  it("is clean after a reset in the middle", async () => {
    expect(await hardware.run({ random: 10 }, { resetAt: 4321 })).toMatchObject([equal, equal]);
  });
});
