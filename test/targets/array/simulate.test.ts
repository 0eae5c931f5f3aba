import { describe, expect, test } from "vitest";
import type { ImageResult } from "../../../sim/index.ts";
import { describeDivergence, formatReport } from "../../../src/cli/simulation-text.ts";
import { simulationReport } from "../../../src/targets/array/simulate.ts";
import { convBlock, plan } from "../../codegen/plan.ts";
import { image } from "./simulated.ts";

const inputs = ["a.bin", "b.bin"].map((file) => ({ file, values: new Int8Array(18) }));

function report(...images: readonly ImageResult[]) {
  return simulationReport(
    plan([convBlock()]),
    { model: "tiny.tflite", inputs },
    { predicted: [90], predictedNext: 80 },
    {
      buildSeconds: 1.5,
      buildCached: false,
      cycles: 300,
      seconds: 0.1,
      cyclesPerSecond: 3000.4,
      images,
    },
  );
}

describe("simulationReport", () => {
  test("is the JSON object of the command", () => {
    const logits = new Int8Array(30);
    logits[4] = 3;
    expect(report(image({ outputs: [logits] }))).toMatchObject({
      model: "tiny.tflite",
      board: "none",
      array: { pk: 4, pc: 4 },
      macs: 120,
      multipliers: 16,
      inputs: [
        {
          file: "a.bin",
          bitExact: true,
          firstDivergence: null,
          cycles: 100,
          predictedCycles: 90,
          utilization: 120 / 1600,
          memory: { readBytes: 64, writeBytes: 32, stallCycles: 18 },
          top: [],
          values: Array.from(logits),
        },
      ],
      layers: [
        {
          name: "layer",
          engine: "reshape",
          macs: 120,
          cycles: 100,
          predictedCycles: 90,
          utilization: 120 / 1600,
          computeCycles: 60,
          stallCycles: 5,
        },
      ],
      simulation: { buildSeconds: 1.5, cyclesPerSecond: 3000 },
    });
  });

  test("names layer, row, column, channel, cycle, expected and got of the first divergence", () => {
    const place = { block: 0, phase: 0, y: 1, x: 2, channel: 3, cycle: 44, expected: -5, got: 6 };
    const broken = report(image({}), image({ divergence: { kind: "value", ...place }, mismatches: 2 }));
    const [first, second] = broken.inputs;
    expect(first?.bitExact).toBe(true);
    expect(second).toMatchObject({
      bitExact: false,
      firstDivergence: {
        ...{ layer: "layer", row: 1, column: 2, channel: 3 },
        ...{ cycle: 44, expected: -5, got: 6, kind: "value" },
      },
    });
    expect(describeDivergence(second!)).toBe(
      "b.bin: differs from the golden model (value): layer layer, row 1, column 2, channel 3, cycle 44: expected -5, got 6",
    );
    expect(formatReport(broken)).toContain(describeDivergence(second!));
  });

  test("an input that did not end is not bit exact", () => {
    const hung = report(image({ failure: { kind: "timeout", message: "nothing for 1000000 cycles" } }));
    expect(hung.inputs[0]?.bitExact).toBe(false);
    expect(describeDivergence(hung.inputs[0]!)).toBe(
      "a.bin: the simulation ended early (timeout: nothing for 1000000 cycles)",
    );
  });

  test("has a line a layer and a total", () => {
    const text = formatReport(report(image({})));
    expect(text).toMatch(/│ layer +│ reshape +│ +120 │ +100 │ +90 │ +0\.075 │ +60 │ +5 │/);
    expect(text).toMatch(/│ total +│ +│ +120 │ +100 │ +90 │ +0\.075 │ +60 │ +5 │/);
    expect(text).toContain("equal to the golden model");
  });
});
