/** Pools of any window, stride and padding, wherever they stand: seeded networks of them on one accelerator. */
import { describe, test } from "vitest";
import type { IntGraph } from "../../src/ir/integer.ts";
import { integers, intGraph } from "../golden/helpers.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { along, layers, type Along } from "./layers.ts";

/** Pools, sums, padding and convolutions behind each other and beside each other. */
function pools(seed: number, reach: number): IntGraph {
  const draw = integers(seed);
  const to = layers(draw);
  // as many row banks as the other networks'
  let at = to.pad(to.map(draw(1, 20), draw(1, 20), draw(1, 20)), reach);
  const same = { kernel: 3, stride: 1, before: 1, after: 1 };
  for (let left = draw(1, 5); left > 0; left -= 1) {
    const { channels, height, width } = at;
    switch (draw(0, 9)) {
      case 0:
        at = to.pad(at);
        break;
      case 1:
        at = to.add(at, at);
        break;
      case 2:
        // a map with two readers
        at = to.add(to.pool(at, { ...same, outputs: height }, { ...same, outputs: width }), at);
        break;
      case 3:
        // now and then more weights than the ring holds
        at = to.conv(at, 1, draw(0, 2) === 0 ? draw(60, 120) : draw(1, 20));
        break;
      case 4:
        at = to.add(to.conv(at, 3, channels), at);
        break;
      case 6:
        at = to.rescale(at);
        break;
      case 5: {
        // the pool that stands behind the array
        const half = (size: number): Along => {
          return { kernel: 2, stride: 2, before: 0, after: size % 2, outputs: Math.ceil(size / 2) };
        };
        at = to.pool(at, half(height), half(width), "max-pool");
        break;
      }
      default:
        at = to.pool(at, along(draw, height, reach), along(draw, width, reach));
    }
  }
  return { ...intGraph(to.maps, to.nodes), name: `pools-${seed}` };
}

export function seeds(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

/** `of`: seeds, one network each. `reach`: the largest stride and padding in front, a power of two of at least 4: the row banks. */
export function describePools(
  of: readonly number[],
  reach: number,
  array: string,
  memory: string,
  packed: boolean,
): void {
  describe(`${array}, ${memory}${packed ? ", packed" : ""}`, () => {
    const graphs = of.map((seed) => pools(seed, reach));
    const hardware = accelerators()(graphs, array, memory, packed);
    test.each(hardware.plans.map(({ graph }, index) => ({ name: graph.name, index })))(
      "$name",
      async ({ index }) => {
        const { graph } = hardware.plans[index]!;
        const run = await hardware.run(index, [noise(graph, 1), noise(graph, 2)]);
        expectBitExact(run);
        // of layers of a thousand cycles: the last results leave with nothing behind them, reads and writes that share
        // the bus take turns; weights that stream for a few pixels meet them
        // at random
        if (!run.plan.blocks.some(({ streamed }) => streamed))
          expectPredicted(run, 50 + 30 * run.report.layers.length);
      },
    );
  });
}
