/** The accelerators that are put under stress: arrays, buses and networks that together use every unit. */
import { buildNetwork, type Network } from "../../../src/ir/builder.ts";
import type { IntGraph, IntNode } from "../../../src/ir/integer.ts";
import { compileHardware, seededInteger, type Hardware } from "../../networks/hardware.ts";
import { pruned } from "../../networks/pruned.ts";

/** Streamed and resident layers, depthwise layers, a Fire module with a pool, a residual sum. */
function mixed(): Network {
  const b = buildNetwork("mixed", { height: 14, width: 11, channels: 3 });
  const first = b.conv("first", b.input, 16, { kernel: 3, padding: 1, activation: "relu6" });
  const squeeze = b.conv("squeeze", first, 8, { kernel: 1, activation: "relu" });
  const fire = b.concat("fire", [
    b.conv("expand1x1", squeeze, 16, { kernel: 1, activation: "relu" }),
    b.conv("expand3x3", squeeze, 16, { kernel: 3, padding: 1, activation: "relu" }),
  ]);
  const pool = b.maxPool("pool", fire, { kernel: 2, stride: 2, rounding: "floor" });
  const wide = b.conv("wide", pool, 48, { kernel: 1, activation: "relu6" });
  const deep = b.depthwise("deep", wide, { kernel: 3, activation: "relu6" });
  const sum = b.add("sum", pool, b.conv("project", deep, 32, { kernel: 1 }));
  b.softmax("scores", b.conv("classes", b.globalAverage("average", sum), 10, { kernel: 1 }));
  return b.finish();
}

/** Windows that move on by two columns, alone, in blocks of three phases, and in front of a gate; convolutions behind them. */
function strided(): Network {
  const b = buildNetwork("strided", { height: 17, width: 22, channels: 8 });
  const window = { kernel: 3, stride: 2, padding: 1, activation: "relu6" } as const;
  const first = b.conv("first", b.depthwise("deep", b.input, window), 24, { kernel: 3, activation: "relu6" });
  const wide = b.depthwise("middle", b.conv("expand", first, 48, { kernel: 1, activation: "relu6" }), window);
  const project = b.conv("project", wide, 24, { kernel: 1 });
  const gated = b.depthwise("last", b.conv("wide", project, 40, { kernel: 1, activation: "relu6" }), window);
  const few = b.conv("few", b.globalAverage("mean", gated), 8, { kernel: 1, activation: "relu" });
  const gate = b.multiply("gate", gated, b.conv("grow", few, 40, { kernel: 1, activation: "relu6" }));
  b.conv("classes", b.globalAverage("average", b.conv("behind", gate, 32, { kernel: 3, padding: 1 })), 10, {
    kernel: 1,
  });
  return b.finish();
}

/** The graph without most of its weights; the others are few different ones, of every second convolution. */
function thinned(graph: IntGraph): IntGraph {
  const { nodes, ...others } = pruned(graph, 0.3, 6);
  const values = (node: IntNode, step: number): IntNode =>
    node.kind === "conv" ? { ...node, weights: node.weights.map((w) => step * Math.trunc(w / step)) } : node;
  return { ...others, nodes: nodes.map((node, i) => values(node, i % 2 === 0 ? 1 : 9)) };
}

export interface Named extends Hardware {
  readonly name: string;
}

/** Compiled; a simulator is built at its first run. `count`: of them, the first ones. */
export function stressed(count: number): readonly Named[] {
  const graph = seededInteger(mixed(), 5);
  const small = { array: { pk: 4, pc: 4 }, busBytes: 8 } as const;
  const made = [
    () => ({ name: "4x4, 64 bits", ...compileHardware(graph, small) }),
    () => ({
      name: "8x8, 128 bits, maps and weights kept",
      ...compileHardware(graph, {
        array: { pk: 8, pc: 8 },
        busBytes: 16,
        buffers: { mapBytes: 4096, keptWords: 128 },
      }),
    }),
    () => ({
      name: "8x16, 64 bits, two columns a step, weights without zeros as codes",
      ...compileHardware(thinned(seededInteger(strided(), 6)), {
        array: { pk: 8, pc: 16, sparse: true },
        busBytes: 8,
        buffers: { weightWords: 64 },
      }),
    }),
  ];
  return made.slice(0, count).map((make) => make());
}
