/**
 * The integer graph: every map int8 (uint8 models re-centred by -128), every multiplier prepared.
 * `3-quantise` makes it; the golden model executes it; `4-schedule` plans hardware for it.
 */
import type { ActivationKernel } from "./activation-kernel.ts";
import type { FloatLayer, FloatMean } from "./float-layer.ts";
import type { Alignment } from "./linear.ts";
import { known } from "./known.ts";
import { realScoresOf, type Tail } from "./tail.ts";
import type { OutputOrder, Padding, Preprocess, QuantisationError } from "./graph.ts";

export type { OutputOrder, Preprocess, QuantisationError };

export type MapId = number;

/** An activation tensor, [H, W, C] (N = 1); vectors are [1, 1, C]. */
export interface IntMap {
  readonly id: MapId;
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly scale: number;
  /** In re-centred int8. */
  readonly zeroPoint: number;
  /** The model's own type: what leaves the tool is value + 128 for uint8. */
  readonly dtype: "int8" | "uint8";
  /** Of a constant, which no node writes: [H, W, C], re-centred int8. */
  readonly values?: Int8Array;
}

interface IntBase {
  /** Unique, legal in file names and Verilog after `codegen` has cleaned it. */
  readonly name: string;
  /** Framework operators computed by this node, in file order; the last one's output is this node's. */
  readonly sources: readonly number[];
  readonly inputs: readonly MapId[];
  readonly output: MapId;
  /** Multiply-accumulates as the papers count them: no bias, no padding discount. */
  readonly macs: number;
}

/**
 * out = clamp(zeroPoint + rounding_shift(srdhm(acc << max(e, 0), multiplier), max(-e, 0))).
 * One entry per output channel (per-tensor models repeat theirs). Exponent e: TFLite's `shift`, negative = right.
 */
export interface Requantize {
  readonly multiplier: Int32Array;
  readonly exponent: Int32Array;
  readonly min: number;
  readonly max: number;
}

/** weights [K][kh][kw][C] hold w - zw in 9 signed bits; `weightZeroPoint` is zw, re-centred when the model is uint8. */
export interface IntConv extends IntBase {
  readonly kind: "conv";
  /** Of a convolution in groups: the weights between channels of different ones are zero. */
  readonly groups?: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: Padding;
  readonly weights: Int16Array;
  readonly weightZeroPoint: number;
  readonly bias: Int32Array;
  readonly requantize: Requantize;
  readonly floats?: FloatLayer | FloatMean;
}

/** weights [kh][kw][C * multiplier]; output channel = c * multiplier + m. */
export interface IntDepthwise extends IntBase {
  readonly kind: "depthwise";
  readonly multiplier: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: Padding;
  readonly weights: Int16Array;
  readonly weightZeroPoint: number;
  readonly bias: Int32Array;
  readonly requantize: Requantize;
  readonly floats?: FloatLayer | FloatMean;
}

/** Padding never counts: the divisor is the number of real positions in the window. */
export interface IntPool extends IntBase {
  readonly kind: "average-pool" | "max-pool";
  readonly kernel: readonly [number, number];
  /** Absent: neighbours. */
  readonly dilation?: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: Padding;
  readonly min: number;
  readonly max: number;
}

/** Mean over all of H and W with TFLite's current reference kernel: multiplier already holds 1/count. */
export interface IntMean extends IntBase {
  readonly kind: "mean";
  readonly multiplier: number;
  readonly exponent: number;
  /** In float32 on dequantised values, in the order of ONNX Runtime's ReduceMean or of its GlobalAveragePool. */
  readonly floats?: "reduce" | "pool";
}

/**
 * TFLite's ADD and SUB: both inputs shifted left by 20, scaled, summed or subtracted, scaled. Also ONNX Runtime's where it
 * comes to the same. As in every operator of two maps, an operand of size 1 along an axis is stretched along it.
 */
export interface IntAdd extends IntBase {
  readonly kind: "add" | "sub";
  readonly leftShift: number;
  readonly input1: { readonly multiplier: number; readonly exponent: number };
  readonly input2: { readonly multiplier: number; readonly exponent: number };
  readonly result: { readonly multiplier: number; readonly exponent: number };
  readonly min: number;
  readonly max: number;
}

/**
 * TFLite's MUL: the product of both values above their zero points, shifted left, scaled. Also ONNX Runtime's where it
 * comes to the same: with so many places that only the last rounding counts.
 */
export interface IntMul extends IntBase {
  readonly kind: "mul";
  readonly leftShift: number;
  readonly result: { readonly multiplier: number; readonly exponent: number };
  readonly min: number;
  readonly max: number;
}

/** TFLite's MAXIMUM and MINIMUM: of the integers themselves, whatever their scales. */
export interface IntExtreme extends IntBase {
  readonly kind: "maximum" | "minimum";
}

/** Operators of two maps that have a form in the hardware. */
export type IntBinary = IntAdd | IntMul | IntExtreme;

/**
 * ONNX Runtime's sum in float32. As one kernel (QLinearAdd; MlasQLinearAdd, AVX2), on integers that are `centre` above the
 * re-centred ones: even(fma(a, ratio1, fma(b, ratio2, offset))), all three float32. Otherwise dequantised, added,
 * divided by the output's scale, rounded to even, the zero point added.
 */
export interface IntFloatAdd extends IntBase {
  readonly kind: "float-add";
  readonly kernel: {
    readonly ratio1: number;
    readonly ratio2: number;
    readonly offset: number;
    readonly centre: 0 | 128;
  } | null;
  /** The second map is subtracted; there is no kernel for it. */
  readonly subtracts?: true;
  readonly min: number;
  readonly max: number;
}

/**
 * ONNX Runtime's product in float32. As one kernel (QLinearMul; MlasQLinearMul), of integers above their zero points:
 * even(a * b * ratio + zero point), rounded to float32 twice, the zero point `centre` above the re-centred one. Otherwise
 * dequantised, multiplied, divided by the output's scale, rounded to even, the zero point added.
 */
export interface IntFloatMul extends IntBase {
  readonly kind: "float-mul";
  readonly kernel: { readonly ratio: number; readonly centre: 0 | 128 } | null;
  readonly min: number;
  readonly max: number;
}

/**
 * ONNX Runtime's average pool in float32: dequantised values summed in order, divided by their number and by the output's
 * scale. As one kernel (QLinearAveragePool) the zero point, `centre` above the re-centred one, is added before the
 * nearest even is taken; with null behind it. `countPadding`: padding counts as zeros.
 */
export interface IntFloatPool extends IntBase {
  readonly kind: "float-average-pool";
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: Padding;
  readonly countPadding: boolean;
  readonly centre: 0 | 128 | null;
  readonly min: number;
  readonly max: number;
}

/** Another scale: by requantisation, or value by value (re-centred input + 128) where no factor gives the same. */
export type Rescaling =
  | { readonly multiplier: number; readonly exponent: number; readonly table?: undefined }
  | { readonly table: Int8Array };

/** Concatenation along an axis of [H, W, C]; inputs whose scale differs from the output's are rescaled. */
export interface IntConcat extends IntBase {
  readonly kind: "concat";
  readonly axis: 0 | 1 | 2;
  /** Along C: channel k is channel order[k] of the inputs side by side; absent where they are the same. */
  readonly order?: readonly number[];
  readonly rescale: readonly (Rescaling | null)[];
}

/** A kernel on every value. Both maps have zero point 0 and the kernel's scales. */
export interface IntActivation extends IntBase {
  readonly kind: "activation";
  readonly kernel: ActivationKernel;
}

/**
 * Any function of single values, written out: what each re-centred input + 128 becomes. 256 entries for all channels, or
 * 256 a channel, one channel behind the other.
 */
export interface IntLookup extends IntBase {
  readonly kind: "lookup";
  readonly tables: Int8Array;
  /** What the tables of channels say, where it is two products. */
  readonly slopes?: Slopes;
}

/**
 * Values above their zero point times `above`, those below it times the channel's `factors`, less `zeroPoint` in 9 bits, times
 * `below`; multipliers as in Requantize.
 */
export interface Slopes {
  readonly above: { readonly multiplier: number; readonly exponent: number };
  readonly below: { readonly multiplier: number; readonly exponent: number };
  readonly factors: Int16Array;
  /** Re-centred when the model is uint8. */
  readonly zeroPoint: number;
}

/** Explicit padding that no consumer could absorb; pads with the map's zero point. */
export interface IntPad extends IntBase {
  readonly kind: "pad";
  readonly padding: Padding;
  /** Channels added in front and behind. */
  readonly channels?: readonly [number, number];
}

/** Element i along an axis of [H, W, C] is element begin + i * stride of the input. */
export interface IntSlice extends IntBase {
  readonly kind: "slice";
  readonly begin: readonly [number, number, number];
  readonly stride: readonly [number, number, number];
}

/** Each pixel becomes factor[0] rows and factor[1] columns of equal ones. */
export interface IntRepeat extends IntBase {
  readonly kind: "repeat";
  readonly factor: readonly [number, number];
}

/**
 * Each value between those of up to four pixels: in 1/1024 along each axis, rounded half away from zero on the model's own integers, as
 * TFLite. Where the graph rounds as float32 does, in exact fractions of the values above the zero point, halves to the even integer.
 */
export interface IntResize extends IntBase {
  readonly kind: "resize-bilinear";
  readonly alignment: Alignment;
  /** In float32 on dequantised values, in the order of ONNX Runtime's Resize. */
  readonly floats?: true;
}

/**
 * Every pixel of a resized map that lies equally between those around it: the weighted mean of each window, rounded as
 * IntResize. `weights`: [kh][kw] for all channels, whose sum is a power of two.
 */
export interface IntBlend extends IntBase {
  readonly kind: "blend";
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly weights: readonly number[];
}

/**
 * Maps of one size woven into one whose sides are factor times as long: pixel (y, x) of input i goes to row
 * y * factor[0] + floor(i / factor[1]) and column x * factor[1] + i % factor[1].
 */
export interface IntInterleave extends IntBase {
  readonly kind: "interleave";
  readonly factor: readonly [number, number];
}

/** Same bytes, other shape (NHWC order). */
export interface IntReshape extends IntBase {
  readonly kind: "reshape";
}

/** Changes scale or zero point only, and may clamp. */
export interface IntRescale extends IntBase {
  readonly kind: "rescale";
  readonly rescaling: Rescaling;
}

/** Runs on the host, after the accelerator: TFLite's fixed-point softmax. */
export interface IntSoftmax extends IntBase {
  readonly kind: "softmax";
  readonly beta: number;
  /** Of [H, W, C], together; without them the last. */
  readonly axes?: readonly number[];
}

/** Its logarithm, as TFLite's kernel of int8 has it: 1/16 and 127. */
export interface IntLogSoftmax extends IntBase {
  readonly kind: "log-softmax";
  readonly axes?: readonly number[];
}

/** Runs on the host: values over the root of their squares' sum over C, in steps of 1/128. */
export interface IntL2Normalization extends IntBase {
  readonly kind: "l2-normalization";
}

export type IntNode =
  | IntConv
  | IntDepthwise
  | IntPool
  | IntMean
  | IntBinary
  | IntFloatAdd
  | IntFloatMul
  | IntFloatPool
  | IntConcat
  | IntActivation
  | IntLookup
  | IntPad
  | IntSlice
  | IntRepeat
  | IntResize
  | IntBlend
  | IntInterleave
  | IntReshape
  | IntRescale
  | IntSoftmax
  | IntLogSoftmax
  | IntL2Normalization;

/** Whether a node computes with two maps, value by value. */
export function isBinary(node: IntNode): node is IntBinary {
  return ["add", "sub", "mul", "maximum", "minimum"].includes(node.kind);
}

export interface IntGraph {
  readonly name: string;
  /**
   * How every requantisation rounds: the product to float32, then to the nearest integer, ties to even, as ONNX Runtime
   * does. Absent: TFLite's two roundings, ties away from zero.
   */
  readonly rounding?: "float32";
  readonly maps: ReadonlyMap<MapId, IntMap>;
  /** In topological order. */
  readonly nodes: readonly IntNode[];
  /** The first input; pictures are for networks that have no other. */
  readonly input: MapId;
  /** The inputs behind the first, in the order of the network's file. */
  readonly furtherInputs?: readonly MapId[];
  /** Input of the softmax that makes the first output, or what the tail makes it of; else the first output. */
  readonly logits: MapId;
  /** The network's outputs in the order of its file: maps, or values of the tail. */
  readonly outputs: readonly MapId[];
  /** What the host makes of maps in other types than 8 bits. */
  readonly tail?: Tail;
  /** How the values of each output lie; null where in the model's own order. */
  readonly outputOrders?: readonly (OutputOrder | null)[];
  /** Indices of the inputs that the network itself has as real values. */
  readonly floatInputs?: readonly number[];
  /** Indices of the outputs that the network itself has as real values. */
  readonly floatOutputs?: readonly number[];
  /** Parameters of the model as the papers count them: weights and biases. */
  readonly parameters: number;
  readonly macs: number;
  readonly labels?: readonly string[];
  /** How plain pictures become input values: real = (pixel - mean) / std, then quantised with the input's scale. */
  readonly preprocess?: Preprocess;
  /** Of a network that `firebrick quantize` made: measured with its calibration pictures. */
  readonly quantisationErrors?: readonly QuantisationError[];
}

/** All inputs, in the order of the network's file: an input's values are those of all, one behind the other. */
export function inputsOf({
  furtherInputs = [],
  input,
}: Pick<IntGraph, "input" | "furtherInputs">): readonly MapId[] {
  return [input, ...furtherInputs];
}

/** How many classes there are, if the first output rates any. */
export function classesOf({ logits, maps, outputs, tail }: IntGraph): number {
  const scores = realScoresOf(tail, outputs[0] ?? -1)?.shape.at(-1);
  return scores ?? known(maps.get(logits), "a network has an output").channels;
}

/** The maps that are constants. */
export function constantsOf({ maps }: Pick<IntGraph, "maps">): readonly ConstantMap[] {
  return [...maps.values()].filter((map): map is ConstantMap => map.values !== undefined);
}

export type ConstantMap = IntMap & { readonly values: Int8Array };

/** The maps that leave the integer graph: outputs of the network, and what the tail reads. */
export function endsOf({ outputs, tail }: Pick<IntGraph, "outputs" | "tail">): readonly MapId[] {
  const read = tail?.nodes.flatMap(({ inputs }) => inputs) ?? [];
  return [...new Set([...outputs, ...read])].filter((id) => !tail?.values.has(id));
}
