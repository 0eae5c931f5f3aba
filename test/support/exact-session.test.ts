/** Which models get the option that makes products exact: on processors with VNNI no other test would show a wrong choice. */
import { expect, it } from "vitest";
import { hasSaturatingLayer } from "./exact-session.ts";
import { generator } from "./onnx-runtime.ts";
import { ScaleDraft, type Byte } from "./scale-draft.ts";

const SHAPE = [1, 8, 6, 6];
const WEIGHTS = [4, 8, 1, 1];
const draftOf = (type: Byte) => new ScaleDraft(type, 0.02, 0.08, SHAPE, generator(1));

/** One QLinearConv, as the file has it. */
function integerConv(map: Byte, weights: Byte): Uint8Array {
  const draft = draftOf(map);
  const values = draft.integers(WEIGHTS).map((value) => value + (weights === "uint8" ? 128 : 0));
  const filter = [draft.constant("w", WEIGHTS, values, weights), ...draft.scale(0.02, 0, weights)];
  draft.node("QLinearConv", [draft.input("x", SHAPE, map), ...draft.from, ...filter, ...draft.to], "y");
  return draft.write(["y"], map);
}

it.each<[Byte, Byte, boolean]>([
  ["uint8", "int8", true],
  ["uint8", "uint8", false],
  ["int8", "int8", false],
])("QLinearConv of %s maps and %s weights: %s", async (map, weights, saturates) => {
  expect(await hasSaturatingLayer(integerConv(map, weights))).toBe(saturates);
});

// On Arm the session leaves such maps int8.
it.runIf(process.arch === "x64")("an int8 map that the session makes uint8", async () => {
  const draft = draftOf("int8");
  const map = draft.through(draft.node("Relu", [draft.real()], "relu"), draft.from);
  const sum = draft.node("Conv", [map, draft.weights("w", WEIGHTS, 0.02)], "sum");
  const pooled = draft.node("MaxPool", [draft.through(sum, draft.to)], "pooled", { kernel_shape: [1, 1] });
  draft.node("QuantizeLinear", [pooled, ...draft.to], "y");
  expect(await hasSaturatingLayer(draft.write(["y"], "int8"))).toBe(true);
});

it("an int8 Gemm, which the option would turn to floats", async () => {
  const draft = new ScaleDraft("int8", 0.02, 0.12, [1, 32], generator(1));
  draft.node("Gemm", [draft.real(), draft.weights("w", [32, 16], 0.02)], "sum");
  draft.node("QuantizeLinear", ["sum", ...draft.to], "y");
  expect(await hasSaturatingLayer(draft.write(["y"], "int8"))).toBe(false);
});
