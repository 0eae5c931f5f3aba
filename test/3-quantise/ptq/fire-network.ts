/** A small float network with everything that SqueezeNet has. */
import { runPasses } from "../../../src/2-passes/pipeline.ts";
import type { Graph } from "../../../src/ir/graph.ts";
import { GraphDraft, noPadding } from "../../support/graphs.ts";

/** Height and width of the network's input. */
export const size = 13;

/** Numbers between -0.5 and 0.5 that only depend on `seed`. */
export function noise(seed: number, count: number, scale = 1): number[] {
  return Array.from({ length: count }, (_, i) => {
    const wave = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return scale * (wave - Math.floor(wave) - 0.5);
  });
}

/** A small SqueezeNet with a bypass: conv, max pool, Fire, add, Fire, conv, global average, softmax; weights from `seed` on. */
export function fireNetwork(seed = 0): Graph {
  const draft = new GraphDraft();
  let next = seed;
  const conv = (
    name: string,
    from: number,
    side: number,
    inputs: number,
    outputs: number,
    k: number,
    stride = 1,
  ) => {
    const output = draft.map(name, [1, side, side, outputs]);
    const w = draft.floats(
      `${name}/w`,
      [outputs, k, k, inputs],
      noise(next++, outputs * k * k * inputs, 1 / k),
    );
    const b = draft.floats(`${name}/b`, [outputs], noise(next++, outputs, 0.2));
    const p = (k - 1) / 2;
    const padding = stride > 1 ? noPadding : { top: p, left: p, bottom: p, right: p };
    return draft.node({
      ...{ kind: "conv", name, sources: [], inputs: [from, w, b], output, groups: 1, activation: "relu" },
      ...{ kernel: [k, k], stride: [stride, stride], dilation: [1, 1], padding },
    });
  };
  const fire = (name: string, from: number, channels: number) => {
    const squeeze = conv(`${name}/squeeze`, from, 3, channels, 4, 1);
    const parts = [conv(`${name}/e1`, squeeze, 3, 4, 4, 1), conv(`${name}/e3`, squeeze, 3, 4, 4, 3)];
    const output = draft.map(name, [1, 3, 3, 8]);
    return draft.node({
      kind: "concat",
      name,
      sources: [],
      inputs: parts,
      output,
      axis: 3,
      activation: "none",
    });
  };
  const x = draft.map("x", [1, size, size, 3]);
  const first = conv("conv1", x, 6, 3, 8, 3, 2);
  const pooled = draft.map("pool1", [1, 3, 3, 8]);
  draft.node({
    ...{ kind: "max-pool", name: "pool1", sources: [], inputs: [first], output: pooled, countPadding: false },
    ...{ kernel: [3, 3], stride: [2, 2], dilation: [1, 1], activation: "none" },
    padding: { top: 0, left: 0, bottom: 1, right: 1 },
  });
  const fire2 = fire("fire2", pooled, 8);
  const sum = draft.map("bypass", [1, 3, 3, 8]);
  const inputs = [pooled, fire2];
  draft.node({ kind: "add", name: "bypass", sources: [], inputs, output: sum, activation: "none" });
  const last = conv("conv10", fire("fire3", sum, 8), 3, 8, 5, 1);
  const logits = draft.map("logits", [1, 1, 1, 5]);
  draft.node({
    ...{
      kind: "average-pool",
      name: "logits",
      sources: [],
      inputs: [last],
      output: logits,
      countPadding: false,
    },
    ...{ kernel: [3, 3], stride: [1, 1], dilation: [1, 1], activation: "none", padding: noPadding },
  });
  const output = draft.map("prob", [1, 1, 1, 5]);
  draft.node({ kind: "softmax", name: "prob", sources: [], inputs: [logits], output, beta: 1 });
  return runPasses({ ...draft.graph([x], [output]), labels: ["a", "b", "c", "d", "e"] });
}
