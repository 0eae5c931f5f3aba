/** Layers of every shape that the conv and depthwise engines take: tests on one array. */
import { describe, test } from "vitest";
import type { IntGraph } from "../../src/ir/integer.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { sketch } from "./sketch.ts";

const k1 = { kernel: [1, 1] } as const;
const k3 = { kernel: [3, 3], same: true } as const;
const k3s2 = { ...k3, stride: [2, 2] } as const;

/** Networks with a 3x3 depthwise window. */
function shapes(): IntGraph[] {
  return [
    sketch("odd-33x47", [33, 47, 3]).conv(10, k3s2).depthwise(k3).conv(13, k1).depthwise(k3s2).conv(7, k1),
    sketch("odd-uint8", [21, 9, 5], "uint8")
      .conv(9, k3)
      .depthwise(k3s2)
      .conv(11, k1)
      .depthwise(k3)
      .conv(5, k1),
    sketch("grey-multiplier-8", [31, 29, 1])
      .depthwise({ ...k3s2, multiplier: 8 })
      .depthwise(k3)
      .conv(19, k1)
      .mean()
      .dense(12)
      .softmax(),
    sketch("multiplier-inside", [11, 13, 6])
      .depthwise(k3)
      .conv(6, k1)
      .depthwise({ ...k3, multiplier: 3 })
      .conv(9, k1),
    sketch("depthwise-alone", [15, 14, 20])
      .depthwise(k3)
      .depthwise(k3s2)
      .conv(8, k3)
      .depthwise(k3)
      .conv(8, k1)
      .depthwise(k3),
    sketch("valid", [25, 27, 4])
      .conv(8, { kernel: [3, 3], stride: [2, 2] })
      .depthwise({ kernel: [3, 3] })
      .conv(12, k1)
      .depthwise({ kernel: [3, 3], stride: [2, 2] })
      .conv(10, k1),
    sketch("rectangles", [20, 24, 3])
      .conv(6, { kernel: [1, 7], stride: [1, 2], same: true })
      .conv(9, { kernel: [7, 1], stride: [2, 1], same: true })
      .depthwise(k3)
      .conv(8, { kernel: [2, 4] }),
    sketch("pixels", [1, 1, 37]).conv(29, k1).depthwise(k3).conv(33, k1).conv(70, k1),
    sketch("thin", [1, 40, 3]).conv(8, k3).depthwise(k3s2).conv(9, k1),
    sketch("tall", [40, 1, 3]).conv(8, k3s2).depthwise(k3).conv(9, k1),
    sketch("pools", [24, 24, 9])
      .averagePool({ kernel: [2, 2], stride: [2, 2] })
      .depthwise(k3)
      .conv(12, k1)
      .averagePool({ kernel: [3, 5], stride: [2, 1] })
      .conv(6, k1)
      .averagePool({ kernel: [5, 8], stride: [5, 8] })
      .dense(10)
      .softmax(),
  ].map((network) => network.graph());
}

const k5 = { kernel: [5, 5], same: true } as const;
const k5s2 = { ...k5, stride: [2, 2] } as const;

/** Depthwise kernels of several sizes: in one window where the array has the multipliers, else the larger ones tap by tap. */
function windows(): IntGraph[] {
  return [
    sketch("kernel-5x5", [17, 19, 12])
      .depthwise(k3)
      .conv(12, k1)
      .depthwise({ kernel: [5, 5], same: true })
      .conv(9, k1)
      .depthwise({ kernel: [5, 5], stride: [2, 2], same: true })
      .conv(6, k1),
    sketch("dilated", [23, 22, 7])
      .conv(9, { ...k3, dilation: [2, 2] })
      .depthwise({ ...k3, dilation: [2, 2] })
      .depthwise(k3)
      .conv(5, k1),
    sketch("one-behind-the-other", [19, 16, 37])
      .depthwise(k3)
      .depthwise(k5s2)
      .depthwise(k3s2)
      .depthwise(k5)
      .conv(9, k1),
    sketch("uint8-windows", [14, 21, 5], "uint8")
      .conv(9, k3)
      .depthwise(k5)
      .conv(11, k1)
      .depthwise(k3s2)
      .depthwise(k5),
    sketch("flat-windows", [18, 20, 7])
      .depthwise({ kernel: [3, 5], same: true })
      .depthwise({ kernel: [5, 2], stride: [2, 1], same: true })
      .conv(9, k1)
      .depthwise({ kernel: [4, 4] })
      .conv(5, k1),
    sketch("windows-larger-than-maps", [2, 3, 11]).conv(9, k1).depthwise(k5).depthwise(k3).conv(6, k1),
    sketch("padding-beyond-the-kernel", [9, 9, 6])
      .depthwise(k5)
      .depthwise({ kernel: [1, 1] })
      .conv(5, k1),
  ].map((network) => network.graph());
}

/** The same between two pointwise convolutions. */
function invertedWindows(): IntGraph[] {
  return [
    sketch("inverted-windows", [17, 13, 6])
      .conv(9, k1)
      .conv(40, k1)
      .depthwise(k5)
      .conv(9, k1)
      .conv(30, k1)
      .depthwise(k5s2)
      .conv(10, k1)
      .conv(24, k1)
      .depthwise(k3)
      .conv(7, k1),
  ].map((network) => network.graph());
}

/** Without a depthwise layer: no window at all. */
function dense(): IntGraph[] {
  return [
    sketch("dense-alone", [1, 1, 200]).dense(75).softmax(),
    sketch("dense-of-map", [6, 5, 11], "uint8").dense(33).dense(20).dense(3),
    sketch("conv-dense", [12, 12, 1])
      .conv(16, { kernel: [5, 5] })
      .conv(8, k3s2)
      .dense(10),
    sketch("wide-channels", [3, 3, 300])
      .conv(150, k1)
      .conv(40, { kernel: [3, 3] }),
    sketch("reshape-narrower", [4, 9, 8]).conv(8, k1).reshape([6, 6, 8]).conv(8, k3),
    sketch("reshape-wider", [6, 6, 5], "uint8").conv(5, k3).reshape([3, 12, 5]).conv(12, k3).conv(7, k1),
    sketch("reshape-to-row", [5, 6, 20]).conv(20, k3).reshape([1, 30, 20]).conv(9, k1).conv(30, k1),
    sketch("reshape-channels", [4, 4, 3])
      .conv(32, k3)
      .reshape([4, 2, 64])
      .conv(16, k3)
      .reshape([1, 1, 128])
      .conv(5, k1),
    sketch("reshape-twice", [4, 4, 6]).conv(9, k1).reshape([2, 8, 9]).reshape([8, 2, 9]).conv(6, k3),
    sketch("reshape-image", [1, 1, 98]).reshape([7, 7, 2]).conv(8, k3).dense(4),
    sketch("reshape-image-pixels", [1, 14, 3]).conv(4, k1).reshape([7, 2, 4]).conv(8, k3),
  ].map((network) => network.graph());
}

/** Each network alone on an accelerator that they have in common: every layer, and the cycles. */
function describeNetworks(
  title: string,
  graphs: () => IntGraph[],
  array: string,
  memory: string,
  packed = false,
) {
  describe(title, () => {
    const hardware = accelerators()(graphs(), array, memory, packed);
    test.each(hardware.plans.map(({ graph }, index) => ({ name: graph.name, index })))(
      "$name",
      async ({ index }) => {
        const { graph } = hardware.plans[index]!;
        const run = await hardware.run(index, [noise(graph, 1), noise(graph, 2)]);
        expectBitExact(run);
        expectPredicted(run, 10 * run.report.layers.length);
      },
    );
  });
}

export function describeShapes(array: string, memory: string, packed: boolean): void {
  describeNetworks(`${array}, ${memory}${packed ? ", packed" : ""}`, shapes, array, memory, packed);
}

export function describeDense(array: string, memory: string): void {
  describeNetworks(`without a depthwise layer, ${array}, ${memory}`, dense, array, memory);
}

export function describeWindows(array: string, memory: string, packed = false): void {
  const title = `kernels of several sizes, ${array}, ${memory}${packed ? ", packed" : ""}`;
  for (const graphs of [windows, invertedWindows]) describeNetworks(title, graphs, array, memory, packed);
}
