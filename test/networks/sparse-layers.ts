/** Random convolutions of random densities, one behind the other: what sparse steps have to hold of. */
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import type { IntGraph, IntNode } from "../../src/ir/integer.ts";
import { benchRandom, type BenchRandom } from "../../sim/bench/index.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";

const LAYERS = 4;

/** Kernels of 1 and 3, strides of 1 and 2, 1 to 40 channels; some with a Fire module in front of the last layer. */
export function sparseLayers(seed: number): IntGraph {
  const random = benchRandom(seed, "sparse layers");
  const side = () => 3 + random.below(6);
  const channels = () => 1 + random.below(40);
  const b = buildNetwork(`sparse-${seed}`, { height: side(), width: side(), channels: 16 });
  let map = b.input;
  for (let i = 0; i < LAYERS; i++) {
    const kernel = random.chance(50) ? 1 : 3;
    map = b.conv(`conv${i}`, map, channels(), {
      kernel,
      stride: i === 0 && random.chance(30) ? 2 : 1,
      padding: kernel === 3 ? 1 : 0,
      activation: random.chance(50) ? "relu" : "none",
    });
  }
  if (random.chance(50)) {
    const squeeze = b.conv("squeeze", map, channels(), { kernel: 1, activation: "relu" });
    map = b.concat("fire", [
      b.conv("expand1x1", squeeze, 16 * (1 + random.below(2)), { kernel: 1, activation: "relu" }),
      b.conv("expand3x3", squeeze, 16 * (1 + random.below(2)), { kernel: 3, padding: 1, activation: "relu" }),
    ]);
  }
  b.globalAverage("average", b.conv("last", map, channels(), { kernel: 1 }));
  return thinned(lower(runPasses(seededGraph(b.finish(), seed))), random);
}

/** Of each convolution some density; some have no weight at all, one weight, or channels without any. */
function thinned(graph: IntGraph, random: BenchRandom): IntGraph {
  const nodes = graph.nodes.map((node): IntNode => {
    if (node.kind !== "conv") return node;
    const density = random.below(101);
    const only = random.chance(10) ? random.below(node.weights.length) : -1;
    const outputs = node.bias.length;
    const empty = Array.from({ length: outputs }, () => random.chance(10));
    const perOutput = node.weights.length / outputs;
    const weights = node.weights.map((weight, i) => {
      if (only >= 0) return i === only ? weight : 0;
      return random.below(100) < density && empty[Math.floor(i / perOutput)] === false ? weight : 0;
    });
    return { ...node, weights };
  });
  return { ...graph, nodes };
}
