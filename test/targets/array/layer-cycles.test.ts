import { describe, expect, test } from "vitest";
import { layerIndex, layersOf } from "../../../src/report/layers.ts";
import { cyclesByLayer, sequencerCycles } from "../../../src/targets/array/layer-cycles.ts";
import { block, node, operator, phase, plan } from "../../codegen/plan.ts";
import { image, phaseCycles } from "./simulated.ts";

/** Packing and a convolution; then a depthwise and a pool. */
const layers = layersOf(
  plan([
    block({ phases: [phase({ kind: "pack" }), phase({ operator: operator({}) })] }),
    block({
      phases: [
        phase({ operator: operator({ node: { ...node, name: "dw" } }) }),
        phase({
          operator: operator({
            node: {
              ...{ kind: "average-pool", name: "pool", sources: [2], inputs: [1], output: 2, macs: 0 },
              ...{ kernel: [1, 1], stride: [1, 1], padding: { top: 0, left: 0, bottom: 0, right: 0 } },
              ...{ min: -128, max: 127 },
            },
          }),
        }),
      ],
    }),
  ]),
);

describe("layersOf", () => {
  test("a layer is a phase with an operator", () => {
    expect(layers.map(({ block, engine, name, phase }) => [block, phase, name, engine])).toEqual([
      [0, 1, "layer", "reshape"],
      [1, 0, "dw", "reshape"],
      [1, 1, "pool", "pool"],
    ]);
  });

  test("what passes a layer's values on belongs to it", () => {
    const own = operator({ node: { ...node, name: "dw" } });
    const passed = layersOf(plan([block({ phases: [phase({ operator: own }), phase({ operator: own })] })]));
    expect(passed.map(({ name, phase }) => [name, phase])).toEqual([["dw", 0]]);
    expect(layerIndex(passed, 0, 1)).toBe(0);
  });

  test("packing belongs to the layer that it packs for, what comes after the program to the last", () => {
    expect(layerIndex(layers, 0, 0)).toBe(0);
    expect(layerIndex(layers, 0, 1)).toBe(0);
    expect(layerIndex(layers, 1, 0)).toBe(1);
    expect(layerIndex(layers, 1, 2)).toBe(2);
    expect(layerIndex(layers, 2, 0)).toBe(2);
  });
});

describe("cyclesByLayer", () => {
  test("every cycle of the image belongs to one layer", () => {
    const cycles = cyclesByLayer(
      layers,
      sequencerCycles(
        image({
          cycles: 1000,
          phases: [
            phaseCycles(0, 0, 30, { rows: 50, setup: 3 }),
            phaseCycles(0, 1, 80, { issue: 300, weights: 7, setup: 4 }),
            phaseCycles(1, 0, 500, { issue: 100, output: 11 }),
            phaseCycles(1, 1, 600, { issue: 200, space: 13 }),
            phaseCycles(2, 0, 990, { setup: 2 }),
          ],
          idleCycles: 310,
        }),
      ),
    );
    expect(cycles).toEqual([
      // 30 cycles until the program is there
      { cycles: 30 + 50 + 3 + 300 + 7 + 4, computeCycles: 300, stallCycles: 57 },
      { cycles: 111, computeCycles: 100, stallCycles: 11 },
      // 280 cycles of idle time at the end
      { cycles: 213 + 2 + 280, computeCycles: 200, stallCycles: 13 },
    ]);
    expect(cycles.reduce((sum, layer) => sum + layer.cycles, 0)).toBe(1000);
  });
});
