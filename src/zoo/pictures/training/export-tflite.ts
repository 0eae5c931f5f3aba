import {
  Conv2DField,
  DepthwiseConv2DField,
  FullyConnectedField,
  FusedActivation,
  OperatorCode,
  OptionsType,
  PaddingScheme,
  Pool2DField,
  SoftmaxField,
  TensorType,
} from "../../../1-import/tflite/schema.ts";
import {
  writeTflite,
  type TfliteOperator,
  type TfliteOption,
  type TfliteTensor,
} from "../../tflite-writer.ts";
import { inputScale, type QuantisedLayer, type QuantisedModel } from "./quantise.ts";

type Quantization = NonNullable<TfliteTensor["quantization"]>;

interface Draft {
  readonly tensors: TfliteTensor[];
  readonly operators: TfliteOperator[];
}

/** The network as a TFLite file, int8 per channel, in the shape that TensorFlow's converter gives MobileNet. */
export function exportTflite(model: QuantisedModel): Uint8Array {
  const draft: Draft = { tensors: [], operators: [] };
  const { inputSize, inputChannels, poolSize, features, classes } = model.network;
  const input = add(draft, {
    name: "picture",
    shape: [1, inputSize, inputSize, inputChannels],
    type: TensorType.INT8,
    quantization: perTensor(inputScale, -128),
  });
  let map = input;
  let scale = inputScale;
  for (const layer of model.layers) {
    map = addConvolution(draft, layer, map, scale);
    scale = layer.outputScale;
  }
  map = addOperator(
    draft,
    OperatorCode.AVERAGE_POOL_2D,
    2,
    [map],
    {
      name: "pool",
      shape: [1, 1, 1, features],
      type: TensorType.INT8,
      quantization: perTensor(scale, -128),
    },
    OptionsType.Pool2DOptions,
    [
      byte(Pool2DField.padding, PaddingScheme.VALID),
      int(Pool2DField.strideW, poolSize),
      int(Pool2DField.strideH, poolSize),
      int(Pool2DField.filterWidth, poolSize),
      int(Pool2DField.filterHeight, poolSize),
      byte(Pool2DField.activation, FusedActivation.NONE),
    ],
  );
  const shape = add(draft, {
    name: "flat_shape",
    shape: [2],
    type: TensorType.INT32,
    data: bytesOf(Int32Array.of(1, features)),
  });
  map = addOperator(
    draft,
    OperatorCode.RESHAPE,
    1,
    [map, shape],
    {
      name: "flat",
      shape: [1, features],
      type: TensorType.INT8,
      quantization: perTensor(scale, -128),
    },
    OptionsType.ReshapeOptions,
    [{ slot: 0, kind: "ints", value: [1, features] }],
  );
  map = addDense(draft, model, map, scale);
  const output = addOperator(
    draft,
    OperatorCode.SOFTMAX,
    2,
    [map],
    {
      name: "probabilities",
      shape: [1, classes],
      type: TensorType.INT8,
      quantization: perTensor(1 / 256, -128),
    },
    OptionsType.SoftmaxOptions,
    [{ slot: SoftmaxField.beta, kind: "float", value: 1 }],
  );
  return writeTflite({
    description: "Firebrick's embedded network: drawn pictures to class names",
    tensors: draft.tensors,
    operators: draft.operators,
    inputs: [input],
    outputs: [output],
  });
}

function addConvolution(draft: Draft, quantised: QuantisedLayer, map: number, scale: number): number {
  const { layer, weights, weightScales, bias, outputScale } = quantised;
  const { kernel, stride, inputChannels, outputChannels, outputSize, name } = layer;
  const depthwise = layer.kind === "depthwise";
  const scales = Array.from(weightScales);
  const weightTensor = add(draft, {
    name: `${name}/weights`,
    shape: depthwise ? [1, kernel, kernel, outputChannels] : [outputChannels, kernel, kernel, inputChannels],
    type: TensorType.INT8,
    data: bytesOf(weights),
    quantization: { scales, zeroPoints: scales.map(() => 0), axis: depthwise ? 3 : 0 },
  });
  const biasTensor = add(draft, {
    name: `${name}/bias`,
    shape: [outputChannels],
    type: TensorType.INT32,
    data: bytesOf(bias),
    quantization: {
      scales: scales.map((s) => Math.fround(s * scale)),
      zeroPoints: scales.map(() => 0),
      axis: 0,
    },
  });
  const output: TfliteTensor = {
    name,
    shape: [1, outputSize, outputSize, outputChannels],
    type: TensorType.INT8,
    quantization: perTensor(outputScale, -128),
  };
  const inputs = [map, weightTensor, biasTensor];
  if (depthwise) {
    const field = DepthwiseConv2DField;
    return addOperator(
      draft,
      OperatorCode.DEPTHWISE_CONV_2D,
      3,
      inputs,
      output,
      OptionsType.DepthwiseConv2DOptions,
      [
        byte(field.padding, PaddingScheme.SAME),
        int(field.strideW, stride),
        int(field.strideH, stride),
        int(field.depthMultiplier, 1),
        byte(field.activation, FusedActivation.RELU6),
        int(field.dilationW, 1),
        int(field.dilationH, 1),
      ],
    );
  }
  const field = Conv2DField;
  return addOperator(draft, OperatorCode.CONV_2D, 3, inputs, output, OptionsType.Conv2DOptions, [
    byte(field.padding, PaddingScheme.SAME),
    int(field.strideW, stride),
    int(field.strideH, stride),
    byte(field.activation, FusedActivation.RELU6),
    int(field.dilationW, 1),
    int(field.dilationH, 1),
  ]);
}

function addDense(draft: Draft, model: QuantisedModel, map: number, scale: number): number {
  const { features, classes } = model.network;
  const weights = add(draft, {
    name: "logits/weights",
    shape: [classes, features],
    type: TensorType.INT8,
    data: bytesOf(model.denseWeights),
    quantization: perTensor(model.denseScale, 0),
  });
  const bias = add(draft, {
    name: "logits/bias",
    shape: [classes],
    type: TensorType.INT32,
    data: bytesOf(model.denseBias),
    quantization: perTensor(Math.fround(model.denseScale * scale), 0),
  });
  return addOperator(
    draft,
    OperatorCode.FULLY_CONNECTED,
    4,
    [map, weights, bias],
    {
      name: "logits",
      shape: [1, classes],
      type: TensorType.INT8,
      quantization: perTensor(model.logitScale, model.logitZeroPoint),
    },
    OptionsType.FullyConnectedOptions,
    [byte(FullyConnectedField.activation, FusedActivation.NONE)],
  );
}

/** Returns the tensor's index. */
function add(draft: Draft, tensor: TfliteTensor): number {
  return draft.tensors.push(tensor) - 1;
}

/** Adds the operator and its output tensor; returns that tensor's index. */
function addOperator(
  draft: Draft,
  code: number,
  version: number,
  inputs: readonly number[],
  output: TfliteTensor,
  optionsType: number,
  options: readonly TfliteOption[],
): number {
  const index = add(draft, output);
  draft.operators.push({ code, version, inputs, outputs: [index], optionsType, options });
  return index;
}

function perTensor(scale: number, zeroPoint: number): Quantization {
  return { scales: [scale], zeroPoints: [zeroPoint], axis: 0 };
}

function byte(slot: number, value: number): TfliteOption {
  return { slot, kind: "byte", value };
}

function int(slot: number, value: number): TfliteOption {
  return { slot, kind: "int", value };
}

/** TFLite stores little-endian, whatever this machine is. */
function bytesOf(values: Int8Array | Int32Array): Uint8Array {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  values.forEach((v, i) => {
    if (values instanceof Int8Array) view.setInt8(i, v);
    else view.setInt32(i * 4, v, true);
  });
  return bytes;
}
