/** Layers of every shape that the small engine takes, one network after the other on one verilated module. */
import { expect, it } from "vitest";
import { networkStream } from "../../../codegen/small/stream.ts";
import { benchRandom } from "../../../sim/bench/index.ts";
import { smallRunner } from "../../../sim/small/run.ts";
import { predictSmall } from "../../../src/4-schedule/small/cycles.ts";
import { scheduleSmall } from "../../../src/4-schedule/small/schedule.ts";
import { runGolden } from "../../../src/golden/run.ts";
import { sketch } from "../../networks/sketch.ts";
import { withModule } from "../../rtl/helper.ts";

const k1 = { kernel: [1, 1] } as const;
const k3 = { kernel: [3, 3], same: true } as const;
const k3s2 = { ...k3, stride: [2, 2] } as const;

const networks = () =>
  [
    sketch("odd-33x47", [33, 47, 3]).conv(10, k3s2).depthwise(k3).conv(13, k1).depthwise(k3s2).conv(7, k1),
    // odd numbers of groups: depthwise tiles of one size only
    sketch("seventeen-groups", [9, 7, 68]).depthwise(k3).conv(76, k1).depthwise(k3s2).conv(5, k1),
    sketch("multiplier-inside", [11, 13, 6])
      .depthwise({ ...k3, multiplier: 3 })
      .depthwise(k3)
      .conv(9, k1),
    sketch("kernel-5x5", [17, 19, 12])
      .depthwise({ kernel: [5, 5], same: true })
      .conv(12, { kernel: [2, 4] })
      .depthwise({ kernel: [5, 5], stride: [2, 2], same: true })
      .conv(6, k1),
    sketch("dilated", [23, 22, 7])
      .conv(9, { ...k3, dilation: [2, 2] })
      .depthwise({ ...k3, dilation: [2, 3] })
      .conv(5, k1),
    sketch("rectangles", [20, 24, 3])
      .conv(6, { kernel: [1, 7], stride: [1, 2], same: true })
      .conv(9, { kernel: [7, 1], stride: [2, 1], same: true }),
    sketch("pixels", [1, 1, 37]).conv(29, k1).depthwise(k3).conv(33, k1).conv(70, k1),
    // weights that the ring holds only in part, behind a layer that is done before they have come
    sketch("wide", [2, 2, 256]).conv(300, k1).depthwise(k3).conv(256, k1).dense(11).softmax(),
    sketch("pools", [24, 24, 9])
      .averagePool({ kernel: [2, 2], stride: [2, 2] })
      .conv(12, k1)
      .averagePool({ kernel: [3, 5], stride: [2, 1] })
      .conv(6, k1)
      .averagePool({ kernel: [5, 8], stride: [5, 8] })
      .dense(10)
      .softmax(),
    // odd counts have no ties: the engine's signed average is the unsigned one
    sketch("unsigned-pools", [15, 12, 7], "uint8")
      .averagePool({ kernel: [3, 3], stride: [3, 3] })
      .averagePool({ kernel: [5, 1] })
      .averagePool({ kernel: [1, 3] }),
    sketch("flattened", [6, 5, 8]).conv(4, k3).dense(7),
    sketch("averaged", [7, 9, 22]).depthwise(k3).mean().dense(6),
    // more rows than a kernel has: keyword spotting's last map is 25 x 5
    sketch("tall", [45, 6, 9])
      .averagePool({ kernel: [25, 5], stride: [10, 1] })
      .conv(5, k1),
    sketch("tall-mean", [40, 3, 10]).conv(7, k1).mean().dense(6),
    sketch("largest", [256, 64, 3])
      .conv(4, { kernel: [3, 3], stride: [4, 4], same: true })
      .conv(3, k3),
  ].map((network) => network.graph());

it("makes every layer as the golden model does, in the predicted cycles", () =>
  withModule("small_engine", {}, (dut) => {
    for (const graph of networks()) {
      const plan = scheduleSmall(graph, "test");
      dut.reset();
      const run = smallRunner(dut, networkStream(plan), 0x100000);
      const predicted = predictSmall(plan).reduce((sum, { cycles }) => sum + cycles, 0);
      for (const seed of [1, 2]) {
        const random = benchRandom(seed, graph.name);
        const { channels, height, width } = plan.input;
        const input = Int8Array.from({ length: height * width * channels }, () => random.below(256) - 128);
        const golden = runGolden(graph, input);
        const expected = plan.layers.map(({ operator }) => golden.maps.get(operator.output)!);
        const image = run({ plan, input, expected });
        const { failure, divergence, mismatches } = image;
        expect({ name: graph.name, failure, divergence, mismatches }).toEqual({
          name: graph.name,
          failure: null,
          divergence: null,
          mismatches: 0,
        });
        const last = expected.at(-1)!;
        const best = last.indexOf(Math.max(...last));
        if (plan.layers.at(-1)!.result.height === 1 && plan.layers.at(-1)!.result.width === 1)
          expect([graph.name, image.class, image.score]).toEqual([graph.name, best, last[best]]);
        expect(image.layers.reduce((sum, { cycles }) => sum + cycles, 0)).toBe(image.cycles);
        const off = Math.abs(predicted - image.cycles) / image.cycles;
        expect(off, `${graph.name}: ${image.cycles} cycles, ${predicted} predicted`).toBeLessThan(0.01);
      }
    }
  }));
