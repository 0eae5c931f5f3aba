/** The sound networks that model files are made of: small ones of every kind of layer. */
import { OperatorCode, OptionsType } from "../../../../src/1-import/tflite/schema.ts";
import { Random } from "../../random.ts";
import { OnnxDraft } from "../../../support/onnx-draft.ts";
import { quantisedClassifier, quantisedResidual } from "../../../support/onnx-quantised.ts";
import { byte, Draft, int, type Scalar } from "../../../support/tflite-draft.ts";

export interface TfliteNetwork {
  readonly draft: Draft;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** A classifier: convolution, depthwise convolution, pool, dense layer, softmax. */
export function tfliteClassifier(type: Scalar): TfliteNetwork {
  const draft = new Draft(type);
  const [input, conv, deep] = [
    draft.map("in", [1, 8, 8, 3]),
    draft.map("conv", [1, 4, 4, 8]),
    draft.map("deep", [1, 4, 4, 8]),
  ];
  const [pool, flat, logits] = [
    draft.map("pool", [1, 1, 1, 8]),
    draft.map("flat", [1, 8]),
    draft.map("logits", [1, 4]),
  ];
  const soft = draft.map("soft", [1, 4], 1 / 256, type === "uint8" ? 0 : -128);
  draft.conv(input, conv, [8, 3, 3, 3], { stride: [2, 2], activation: "RELU6" });
  draft.depthwise(conv, deep, [1, 3, 3, 8], { activation: "RELU" });
  draft.pool(OperatorCode.AVERAGE_POOL_2D, deep, pool, [4, 4], { padding: "VALID", stride: [4, 4] });
  draft.operator(OperatorCode.RESHAPE, [pool, draft.ints("shape", [2], [1, 8])], flat);
  draft.dense(flat, logits, [4, 8]);
  const beta = [{ slot: 0, kind: "float" as const, value: 1 }];
  draft.operator(OperatorCode.SOFTMAX, [logits], soft, OptionsType.SoftmaxOptions, beta);
  return { draft, inputs: [input], outputs: [soft] };
}

/** Branches and joins: concatenation, sum, product, padding, maximum, two outputs. */
export function tfliteBranches(type: Scalar): TfliteNetwork {
  const draft = new Draft(type);
  const map = (name: string, shape: readonly number[]) => draft.map(name, [1, ...shape]);
  const [input, left, right] = [map("in", [6, 6, 4]), map("left", [6, 6, 8]), map("right", [6, 6, 8])];
  const [both, sum, gate] = [map("both", [6, 6, 16]), map("sum", [6, 6, 8]), map("gate", [6, 6, 8])];
  const [padded, pool, mean] = [map("padded", [8, 8, 8]), map("pool", [4, 4, 8]), draft.map("mean", [1, 16])];
  draft.conv(input, left, [8, 1, 1, 4]);
  draft.conv(input, right, [8, 3, 3, 4], { activation: "RELU" });
  const axis = [int(0, 3), byte(1, 0)];
  draft.operator(OperatorCode.CONCATENATION, [left, right], both, OptionsType.ConcatenationOptions, axis);
  draft.operator(OperatorCode.ADD, [left, right], sum, OptionsType.AddOptions, [byte(0, 0)]);
  draft.operator(OperatorCode.MUL, [sum, right], gate, OptionsType.MulOptions, [byte(0, 0)]);
  draft.operator(OperatorCode.PAD, [gate, draft.ints("around", [4, 2], [0, 0, 1, 1, 1, 1, 0, 0])], padded);
  draft.pool(OperatorCode.MAX_POOL_2D, padded, pool, [2, 2], { padding: "VALID", stride: [2, 2] });
  draft.operator(
    OperatorCode.MEAN,
    [both, draft.ints("axes", [2], [1, 2])],
    mean,
    OptionsType.ReducerOptions,
    [byte(0, 0)],
  );
  return { draft, inputs: [input], outputs: [pool, mean] };
}

/** A float network of the layers that Deep Compression's format has. */
export function floatOnnx(): OnnxDraft {
  const draft = new OnnxDraft();
  const draw = new Random(7);
  const weights = (name: string, shape: readonly number[]) => {
    const size = shape.reduce((product, n) => product * n, 1);
    return draft.constant(
      name,
      shape,
      Array.from({ length: size }, () => draw.between(-100, 100) / 64),
    );
  };
  draft.input("data", [1, 3, 8, 8]);
  const around = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  draft.node("Conv", ["data", weights("w1", [8, 3, 3, 3]), weights("b1", [8])], "conv1", around);
  draft.node("Relu", ["conv1"], "relu1");
  draft.node("MaxPool", ["relu1"], "pool1", { kernel_shape: [2, 2], strides: [2, 2] });
  draft.node("Conv", ["pool1", weights("w2", [4, 8, 1, 1]), weights("b2", [4])], "conv2", {
    kernel_shape: [1, 1],
  });
  draft.node("Conv", ["pool1", weights("w3", [4, 8, 1, 1]), weights("b3", [4])], "conv3", {
    kernel_shape: [1, 1],
  });
  draft.node("Concat", ["conv2", "conv3"], "both", { axis: 1 });
  draft.node("GlobalAveragePool", ["both"], "mean");
  return draft;
}

export function onnxFiles(): readonly Uint8Array[] {
  const next = (seed: number) => {
    const draw = new Random(seed);
    return () => draw.below(1000) / 1000;
  };
  return [
    quantisedClassifier(next(1)).write(["y"], "int8"),
    quantisedResidual(next(2), [0.05, 0.06, 0.07]).write(["y"], "int8"),
    floatOnnx().write(["mean"]),
  ];
}
