/**
 * The graph as imported: the framework's operators with attributes made explicit, tensors NHWC.
 * Importers produce it, passes rewrite it, `3-quantise` turns it into an integer graph.
 */
import type { ActivationKernel } from "./activation-kernel.ts";
import type { Alignment } from "./linear.ts";

export type DType = "float32" | "int8" | "uint8" | "int16" | "int32" | "int64" | "bool";
export type TensorData = Float32Array | Int8Array | Uint8Array | Int16Array | Int32Array | BigInt64Array;

/** Affine quantisation: real = scale * (q - zeroPoint). One entry, or one a channel along `axis`. */
export interface Quantization {
  /** float32 values, widened exactly. */
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

export type TensorId = number;

export interface Tensor {
  readonly id: TensorId;
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly quantization?: Quantization;
  /** Present for constants. */
  readonly data?: TensorData;
  /** ONNX: one QuantizeLinear writes it and one operator behind DequantizeLinear reads it. ONNX Runtime chooses its type. */
  readonly pair?: true;
  /** ONNX: the float bias that these integers were rounded from. */
  readonly rounded?: Float32Array;
}

/** Rows or columns added on each side of the map. */
export interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export const NO_PADDING: Padding = { top: 0, left: 0, bottom: 0, right: 0 };

export type Activation = "none" | "relu" | "relu6" | "relu-n1-to-1" | "relu-0-to-1";

interface NodeBase {
  /** Unique in the graph; made from the output tensor's name. */
  readonly name: string;
  /** Indices of the framework's operators that this node stands for, in file order. */
  readonly sources: readonly number[];
  readonly inputs: readonly TensorId[];
  readonly output: TensorId;
  /** ONNX: the operator reads floats, from DequantizeLinear to QuantizeLinear; ONNX Runtime may make one of the three. */
  readonly dequantized?: true;
}

interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: Padding;
}

/** weights [K, kh, kw, C/groups]; inputs = [map, weights, bias?]. */
export interface ConvNode extends NodeBase, Window {
  readonly kind: "conv";
  readonly groups: number;
  readonly activation: Activation;
}
/**
 * weights [1, kh, kw, C * multiplier]; output channel = c * multiplier + m; inputs = [map, weights, bias?]. `normalises`: ONNX's
 * BatchNormalization of an integer map, which ONNX Runtime has no integer kernel for.
 */
export interface DepthwiseNode extends NodeBase, Window {
  readonly kind: "depthwise";
  readonly multiplier: number;
  readonly activation: Activation;
  readonly normalises?: true;
}
/** weights [K, n]; the map is flattened in NHWC order; inputs = [map, weights, bias?]. */
export interface DenseNode extends NodeBase {
  readonly kind: "dense";
  readonly activation: Activation;
  /** ONNX: the operator, which decides the order of float sums. */
  readonly product?: "matmul" | "gemm" | "gemm-transposed";
}
/** `countPadding`: the divisor counts padded positions (ONNX count_include_pad). */
export interface PoolNode extends NodeBase, Window {
  readonly kind: "average-pool" | "max-pool";
  readonly activation: Activation;
  readonly countPadding: boolean;
}
/** Mean over H and W, or over other axes. `reduce`: ONNX's ReduceMean, which ONNX Runtime has no integer kernel for. */
export interface MeanNode extends NodeBase {
  readonly kind: "mean";
  readonly keepDims: boolean;
  /** Of [N, H, W, C], which stay with one element each. */
  readonly axes?: readonly number[];
  readonly reduce?: true;
}
export interface BinaryNode extends NodeBase {
  readonly kind: "add" | "sub" | "mul" | "maximum" | "minimum";
  readonly activation: Activation;
}
export interface ActivationNode extends NodeBase {
  readonly kind: "relu" | "relu6" | "relu-n1-to-1" | "relu-0-to-1" | "identity";
}
/** TFLite's functions of single values in a quantised network. Float networks have kernels for them. */
export interface FunctionNode extends NodeBase {
  readonly kind: "logistic" | "tanh" | "hard-swish" | "elu";
}
/**
 * A smooth function. elu: x * above, below zero (exp(x / width) - 1) * below; softplus: log(1 + exp(x)); softsign: x / (1 + |x|);
 * mish: x * tanh(softplus(x)); gelu: x times the normal distribution up to it, or its approximation by tanh; erf: the error function.
 */
export type Curve =
  | { readonly name: "elu"; readonly above: number; readonly below: number; readonly width: number }
  | { readonly name: "softplus" | "softsign" | "mish" | "gelu" | "gelu-tanh" | "erf" | "exp" };
/** In a float network; integers of any scales have a table. */
export interface CurveNode extends NodeBase {
  readonly kind: "curve";
  readonly curve: Curve;
}
/** (bias + factor * x)^exponent of values for which the base is above zero. */
export interface PowerNode extends NodeBase {
  readonly kind: "power";
  readonly bias: number;
  readonly factor: number;
  readonly exponent: number;
}
/** Below zero x * alpha. */
export interface LeakyReluNode extends NodeBase {
  readonly kind: "leaky-relu";
  readonly alpha: number;
}
/** Below zero x * alpha[c]; inputs = [map, alpha], alpha a constant of one value or C. */
export interface PreluNode extends NodeBase {
  readonly kind: "prelu";
}
/**
 * Local response normalisation over channels: x / (bias + alpha / size * s)^beta, s the sum of squares of the `size` channels
 * around (Krizhevsky et al. 2012, section 3.3; ONNX LRN).
 */
export interface LrnNode extends NodeBase {
  readonly kind: "lrn";
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}
/** A kernel on every value. Integer maps have its scales and zero point 0. */
export interface KernelNode extends NodeBase {
  readonly kind: "kernel";
  readonly kernel: ActivationKernel;
}
/** `value` undefined: the tensor's zero. */
export interface PadNode extends NodeBase {
  readonly kind: "pad";
  readonly padding: Padding;
  /** Channels added in front and behind. */
  readonly channels?: readonly [number, number];
  readonly value?: number;
}
/** `axis` in the NHWC tensor. */
export interface ConcatNode extends NodeBase {
  readonly kind: "concat";
  readonly axis: number;
  /** Of channels: channel c is channel order[c] of the maps side by side, each of those once; absent where it is c. */
  readonly order?: readonly number[];
  readonly activation: Activation;
}
/** Element i of axis a is element begin[a] + i * stride[a] of the input; an entry an axis of the NHWC tensor. */
export interface SliceNode extends NodeBase {
  readonly kind: "slice";
  readonly begin: readonly number[];
  readonly stride: readonly number[];
}
/** Each pixel of [N, H, W, C] becomes factor[0] rows and factor[1] columns of equal ones. */
export interface RepeatNode extends NodeBase {
  readonly kind: "repeat";
  readonly factor: readonly [number, number];
}
/** Of the output's rows and columns, each value between those of up to four pixels. */
export interface ResizeNode extends NodeBase {
  readonly kind: "resize-bilinear";
  readonly alignment: Alignment;
}
/**
 * Maps [N, H, W, C] of one shape woven into one: pixel (y, x) of input i goes to row y * factor[0] + floor(i / factor[1]) and
 * column x * factor[1] + i % factor[1].
 */
export interface InterleaveNode extends NodeBase {
  readonly kind: "interleave";
  readonly factor: readonly [number, number];
}
/** Axis i of the result is axis perm[i] of the input: the values move, which the host alone does. */
export interface TransposeNode extends NodeBase {
  readonly kind: "transpose";
  readonly perm: readonly number[];
}
/** `flatten`: ONNX's Flatten, which ONNX Runtime leaves on floats where they are what it reads. */
export interface ReshapeNode extends NodeBase {
  readonly kind: "reshape";
  readonly flatten?: true;
}
/** Over the axes of the NHWC tensor together, or over the last one where there are none. */
export interface SoftmaxNode extends NodeBase {
  readonly kind: "softmax";
  readonly beta: number;
  readonly axes?: readonly number[];
}
/** The logarithm of a softmax. */
export interface LogSoftmaxNode extends NodeBase {
  readonly kind: "log-softmax";
  readonly axes?: readonly number[];
}
/** Over the root of the sum of squares along the last axis. */
export interface L2NormalizationNode extends NodeBase {
  readonly kind: "l2-normalization";
}
/**
 * The place of the greatest, or least, value along an axis of the NHWC tensor: of equal ones the first, or the `last`. The
 * output has that axis as 1 or not at all.
 */
export interface ArgNode extends NodeBase {
  readonly kind: "arg-max" | "arg-min";
  readonly axis: number;
  readonly last?: true;
}
/** How TFLite_Detection_PostProcess chooses among boxes. */
export interface DetectionRule {
  /** Most boxes in all, and most classes of each of them. */
  readonly detections: number;
  readonly classesPerDetection: number;
  /** Most boxes of a class, where each is treated alone: `isRegular`. Otherwise a box counts for its best class. */
  readonly detectionsPerClass: number;
  readonly isRegular: boolean;
  /** Boxes of a lower score are left out. */
  readonly scoreThreshold: number;
  /** Of two boxes whose intersection over union is larger, the one of the lower score is left out. */
  readonly overlapThreshold: number;
  /** Without the background, which may stand in front of them. */
  readonly classes: number;
  /** Divisors of the encodings of y, x, height and width. */
  readonly scales: readonly [number, number, number, number];
}
/**
 * A result of TFLite_Detection_PostProcess, in float32: boxes [1, n, 4] as y and x of both corners, classes and scores [1, n], their number [1].
 * inputs = [encodings [1, N, 4 or more], scores [1, N, classes], anchors [N, 4]]; both maps may be quantised.
 */
export interface DetectionNode extends NodeBase {
  readonly kind: "detection";
  readonly result: "boxes" | "classes" | "scores" | "number";
  readonly rule: DetectionRule;
}
/** Such places in another type. */
export interface CastNode extends NodeBase {
  readonly kind: "cast";
}
export interface QuantizeNode extends NodeBase {
  readonly kind: "quantize" | "dequantize";
}
/** y = x * scale[c] + offset[c]; inputs = [map, scale, offset], float32 of C elements. */
export interface BatchNormNode extends NodeBase {
  readonly kind: "batch-norm";
}

/** real = (pixel - mean[c]) / std[c], pixels 0..255; one entry a channel, in the network's channel order. */
export interface Preprocess {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly channelOrder: "rgb" | "bgr" | "grey";
  /** What the picture is resized to before its centre is cut out; without it, what just covers the input. */
  readonly resize?: PictureSize;
}

/** Pixels of the shorter side, the aspect kept; or [width, height], to which the picture is stretched. */
export type PictureSize = number | readonly [number, number];

export type Node =
  | ConvNode
  | DepthwiseNode
  | DenseNode
  | PoolNode
  | MeanNode
  | BinaryNode
  | ActivationNode
  | FunctionNode
  | CurveNode
  | PowerNode
  | LeakyReluNode
  | PreluNode
  | LrnNode
  | KernelNode
  | PadNode
  | ConcatNode
  | SliceNode
  | RepeatNode
  | ResizeNode
  | InterleaveNode
  | TransposeNode
  | ReshapeNode
  | SoftmaxNode
  | LogSoftmaxNode
  | L2NormalizationNode
  | ArgNode
  | CastNode
  | DetectionNode
  | QuantizeNode
  | BatchNormNode;

/** How far quantisation took the map of a node from the float network's. */
export interface QuantisationError {
  /** Of the node. */
  readonly name: string;
  /** Signal to noise ratio: 10 log10 of the sum of x^2 over the sum of (x - x')^2; null where they are equal. */
  readonly snrDb: number | null;
  /** Share of the float values that lie outside the representable range. */
  readonly saturated: number;
}

/** Of a map that a network gives in another order than it is stored, under any shape. */
export interface OutputOrder {
  /** As stored, axes that stay beside each other as one: [H * W, C]. */
  readonly shape: readonly number[];
  /** Where that has each of the model's own axes: [1, 0] for [C, H * W]. */
  readonly axes: readonly number[];
}

export interface Graph {
  readonly name: string;
  /** Keyed by id. */
  readonly tensors: ReadonlyMap<TensorId, Tensor>;
  /** In topological order. */
  readonly nodes: readonly Node[];
  readonly inputs: readonly TensorId[];
  readonly outputs: readonly TensorId[];
  /** Where the input's tensor holds each of the model's own axes, where those are in another order: [0, 3, 1, 2] of [N, C, H, W]. */
  readonly inputAxes?: readonly number[];
  /** How the values of each output lie; null where in the model's own order. */
  readonly outputOrders?: readonly (OutputOrder | null)[];
  /** Indices of the inputs that the network itself has as real values of the integer maps listed. */
  readonly floatInputs?: readonly number[];
  /** Indices of the outputs that the network itself has as real values of the integer maps listed. */
  readonly floatOutputs?: readonly number[];
  /** Class names, when the model or its folder tells them. */
  readonly labels?: readonly string[];
  /** How plain pictures become the input's real values, where the format tells. */
  readonly preprocess?: Preprocess;
  /** Of a network that `firebrick quantize` made: measured with its calibration pictures. */
  readonly quantisationErrors?: readonly QuantisationError[];
  /** Whose rules quantised layers follow: ONNX Runtime's float factors, or TFLite's where it is absent. */
  readonly arithmetic?: "onnx";
}
