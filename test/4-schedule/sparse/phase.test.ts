import { describe, expect, it } from "vitest";
import { estimateResources } from "../../../src/resources/estimate.ts";
import { predict } from "../../../src/4-schedule/cycles/predict.ts";
import type { Plan } from "../../../src/4-schedule/plan.ts";
import { schedule } from "../../../src/4-schedule/schedule.ts";
import { runPasses } from "../../../src/2-passes/pipeline.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import { buildNetwork } from "../../../src/ir/builder.ts";
import type { IntGraph } from "../../../src/ir/integer.ts";
import { seededGraph } from "../../../src/zoo/seeded/graph.ts";
import { pruned } from "../../networks/pruned.ts";

const array = { pk: 8, pc: 8, busBytes: 16 } as const;
const memory = { bytes: 16, latency: 10, outstanding: 8 };
const cycles = (plan: Plan) => predict(plan, memory).cycles;
const sparseLayers = ({ blocks }: Plan) =>
  blocks.flatMap(({ phases }) =>
    phases.flatMap(({ operator, sparse }) => (sparse === null ? [] : [operator?.node.name])),
  );

function network(): IntGraph {
  const b = buildNetwork("two", { height: 10, width: 10, channels: 8 });
  const wide = b.conv("wide", b.input, 32, { kernel: 3, padding: 1, activation: "relu" });
  b.globalAverage("average", b.conv("narrow", wide, 8, { kernel: 1 }));
  return lower(runPasses(seededGraph(b.finish(), 3)));
}

describe("sparse steps", () => {
  it("are taken where they save a tenth of all cycles, layer by layer", () => {
    const plan = schedule(pruned(network(), 0.3, 1), array);
    // one group has no other that computes while the next patch comes
    expect(sparseLayers(plan)).toEqual(["wide"]);
    expect(plan.hardware.patchWords).toBe(16);
    const dense = schedule(pruned(network(), 0.3, 1), { ...array, sparse: false });
    expect(sparseLayers(dense)).toEqual([]);
    expect(dense.hardware.patchWords).toBe(0);
    expect(cycles(dense) / cycles(plan)).toBeGreaterThan(1.25);
  });

  it("are none where few weights are zero, and cost a dense network nothing when they are asked for", () => {
    const dense = schedule(network(), { ...array, sparse: false });
    for (const sparse of [undefined, true]) {
      const plan = schedule(network(), { ...array, sparse });
      expect(sparseLayers(plan)).toEqual([]);
      expect(cycles(plan)).toBe(cycles(dense));
    }
  });

  it("wait to be asked for where they save less", () => {
    const thinned = pruned(network(), ({ name }) => (name === "wide" ? 0.75 : 1), 1);
    expect(sparseLayers(schedule(thinned, array))).toEqual([]);
    const asked = schedule(thinned, { ...array, sparse: true });
    expect(sparseLayers(asked)).toEqual(["wide"]);
    expect(cycles(asked)).toBeLessThan(cycles(schedule(thinned, array)));
  });

  it("take selectors in front of the multipliers, no DSP block, and block RAM for selectors and first words", () => {
    const graph = pruned(network(), 0.3, 1);
    const of = (sparse: boolean) => estimateResources(schedule(graph, { ...array, sparse }), "xc7").total;
    const [dense, sparse] = [of(false), of(true)];
    expect(sparse.dsp).toBe(dense.dsp);
    expect(sparse.lut - dense.lut).toBeGreaterThan(24 * 64);
    expect(sparse.lut / dense.lut).toBeLessThan(1.5);
  });
});
