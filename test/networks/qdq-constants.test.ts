/** Constants and limits between QuantizeLinear and DequantizeLinear on the accelerator. */
import { expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { generator } from "../support/onnx-runtime.ts";
import { ScaleDraft } from "../support/scale-draft.ts";
import { accelerators, outputsAlone } from "./accelerator.ts";

const accelerator = accelerators();

it.each([
  ["uint8", "8x8"],
  ["int8", "4x4"],
] as const)("of %s on %s are bit exact", async (type, array) => {
  const draft = new ScaleDraft(type, 0.0203171, 0.05, [1, 5, 7, 6], generator(31));
  let count = 0;
  const next = (name: string) => draft.through(name, draft.scale(0.0317171 + 0.0013717 * ++count, 7 - count));
  const stored = (shape: readonly number[]) => {
    const name = `k${count}`;
    const values = draft.integers(shape).map((x) => (type === "uint8" ? x + 128 : x));
    const constant = draft.constant(`${name}/i`, shape, values, type);
    return draft.node("DequantizeLinear", [constant, ...draft.scale(0.0171713, -2)], name);
  };
  const conv = (map: string, channels: readonly [number, number]) =>
    draft.node("Conv", [map, draft.weights(`w${count}`, [...channels, 1, 1], 0.01)], `conv${count}`);
  const one = (value: number) => draft.constant(`one${count} ${value}`, [], [value]);
  let map = next(draft.node("Clip", [conv(draft.real(), [12, 5]), one(-0.7), one(1.9)], "clip"));
  map = next(draft.node("Add", [stored([1, 12, 7, 6]), map], "sum"));
  map = next(draft.node("Sub", [map, stored([12, 1, 1])], "difference"));
  map = next(draft.node("Mul", [map, stored([1, 1, 7, 6])], "product"));
  map = next(conv(map, [9, 12]));
  map = next(draft.node("Mul", [map, draft.node("Sigmoid", [map], "gate")], "silu"));
  map = next(draft.node("Max", [map, stored([1, 1, 7, 1])], "larger"));
  map = next(draft.node("Min", [stored([9, 1, 1]), map], "smaller"));
  const last = conv(map, [4, 9]);
  draft.node("Sigmoid", [draft.node("Mul", [next(last), one(0.3)], "scaled")], "y");
  const graph = lower(runPasses(draft.import(["y"])));
  expect(graph.tail?.nodes.map(({ kind }) => kind)).toEqual(["dequantize", "mul", "function"]);
  const { outputs } = await outputsAlone(accelerator, graph, array);
  expect(outputs[0]).toBeInstanceOf(Float32Array);
  expect(new Set([...outputs[0]!].map(Number)).size).toBeGreaterThan(20);
});
