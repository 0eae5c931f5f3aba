import { OnnxDraft } from "./onnx-draft.ts";

/** A small QDQ classifier of int8 [1, 8, 12, 12]: every kind of layer that the accelerator has an engine for. */
export function quantisedClassifier(next: () => number): OnnxDraft {
  const draft = new OnnxDraft();
  let count = 0;
  const scale = (value: number, zero: number): string[] => {
    const name = `scale${count++}`;
    return [draft.constant(name, [], [value]), draft.constant(`${name}/zero`, [], [zero], "int8")];
  };
  const weights = (name: string, shape: readonly number[], value: number): string => {
    const size = shape.reduce((product, n) => product * n, 1);
    const values = Array.from({ length: size }, () => Math.floor(255 * next()) - 127);
    return draft.node(
      "DequantizeLinear",
      [draft.constant(`${name}/q`, shape, values, "int8"), ...scale(value, 0)],
      name,
    );
  };
  const requantised = (name: string, value: number, zero: number): string => {
    const parts = scale(value, zero);
    draft.node("QuantizeLinear", [name, ...parts], `${name}/q`);
    return draft.node("DequantizeLinear", [`${name}/q`, ...parts], `${name}/d`);
  };
  draft.node("DequantizeLinear", [draft.input("x", [1, 8, 12, 12], "int8"), ...scale(0.0213, -7)], "xf");
  draft.node("Conv", ["xf", weights("w1", [16, 8, 3, 3], 0.0051)], "conv", { pads: [1, 1, 1, 1] });
  draft.node("Relu", ["conv"], "relu");
  const strided = { group: 16, strides: [2, 2], pads: [1, 1, 1, 1] };
  draft.node(
    "Conv",
    [requantised("relu", 0.0517, -128), weights("w2", [16, 1, 3, 3], 0.0103)],
    "depthwise",
    strided,
  );
  draft.node(
    "Conv",
    [requantised("depthwise", 0.0931, 3), weights("w3", [24, 16, 1, 1], 0.0042)],
    "pointwise",
  );
  draft.node("AveragePool", [requantised("pointwise", 0.0613, 1)], "pool", {
    kernel_shape: [2, 2],
    strides: [2, 2],
  });
  draft.node("GlobalAveragePool", [requantised("pool", 0.0317, 1)], "mean");
  draft.node("Flatten", [requantised("mean", 0.0131, 1)], "flat");
  draft.node("Gemm", ["flat", weights("w4", [10, 24], 0.0107)], "logits", { transB: 1 });
  draft.node("QuantizeLinear", ["logits", ...scale(0.0303, 4)], "y");
  return draft;
}

/** A QDQ residual block of int8 [1, 8, 6, 6]: two convolutions and the sum of their results. */
export function quantisedResidual(next: () => number, scales: readonly [number, number, number]): OnnxDraft {
  const draft = new OnnxDraft();
  const constants = (name: string, scale: number, zero: number): string[] => [
    draft.constant(`${name}/scale`, [], [scale]),
    draft.constant(`${name}/zero`, [], [zero], "int8"),
  ];
  const through = (name: string, scale: number, zero: number): string => {
    const parts = constants(name, scale, zero);
    draft.node("QuantizeLinear", [name, ...parts], `${name}/q`);
    return draft.node("DequantizeLinear", [`${name}/q`, ...parts], `${name}/d`);
  };
  const conv = (name: string, from: string): string => {
    const values = Array.from({ length: 64 }, () => Math.floor(255 * next()) - 127);
    const filters = draft.constant(`${name}/w`, [8, 8, 1, 1], values, "int8");
    const weights = draft.node(
      "DequantizeLinear",
      [filters, ...constants(`${name}/wq`, 0.0051, 0)],
      `${name}/wd`,
    );
    return draft.node("Conv", [from, weights], name);
  };
  const x = draft.input("x", [1, 8, 6, 6], "int8");
  const real = draft.node("DequantizeLinear", [x, ...constants("x", 0.0213171, -7)], "real");
  const first = through(conv("first", real), scales[0], 3);
  const second = through(conv("second", first), scales[1], -11);
  const sum = draft.node("Add", [second, first], "sum");
  draft.node("QuantizeLinear", [draft.node("Relu", [sum], "relu"), ...constants("y", scales[2], -37)], "y");
  return draft;
}
