/** Where each kind of node runs, as docs/operators.md says it. */
import type { Node } from "../ir/graph.ts";

/**
 * array: a phase of its own on the multipliers, or steps of one value each there; lanes: behind the lanes of the layer in front, without cycles
 * of its own where it can; layout: values that lie elsewhere; folded: part of what stands around it; host: behind the accelerator.
 */
export type NodePlace = "array" | "lanes" | "layout" | "folded" | "host";

/** Kinds of nodes that share a line of the page. */
export interface NodeKinds {
  readonly kinds: readonly Node["kind"][];
  readonly place: NodePlace;
  /** What it becomes, in Markdown. */
  readonly becomes: string;
  /** What computes it, in Markdown. */
  readonly runs: string;
}

export const NODE_KINDS: readonly NodeKinds[] = [
  {
    kinds: ["conv"],
    place: "array",
    becomes:
      "convolution; dilated kernels get zeros between their taps; groups a convolution each, or one with zeros: what takes fewer cycles",
    runs: "conv engine; two that expand one squeeze layer, concatenated, in the Fire engine",
  },
  {
    kinds: ["depthwise"],
    place: "array",
    becomes:
      "depthwise convolution; a multiplier above 1 a depthwise layer for each output of a channel, or a convolution with zeros: what takes fewer cycles",
    runs: "depthwise engine, kernels that take at most four cycles of the array (5 x 5 of 8 multipliers a lane); larger ones tap by tap",
  },
  {
    kinds: ["dense"],
    place: "array",
    becomes: "1 x 1 convolution, or one as large as the map in front of its flattening",
    runs: "conv engine",
  },
  {
    kinds: ["average-pool"],
    place: "array",
    becomes: "sum and reciprocal, with the framework's rounding",
    runs: "engine, tap by tap, any window, stride and padding; at the edges of the map the divisors of what is in the window",
  },
  {
    kinds: ["mean"],
    place: "array",
    becomes:
      "average over the whole map with a scale of its own; over rows or columns a depthwise convolution of ones, over channels, also with those, a convolution of ones",
    runs: "engine, tap by tap; over channels conv engine",
  },
  {
    kinds: ["max-pool"],
    place: "lanes",
    becomes: "running maxima",
    runs: "behind the array, 2 x 2 or 3 x 3 of stride 2 behind a layer without padding in front; others in the engine, tap by tap, any window, stride and padding, large ones over columns and then over rows; dilated ones, also of averages, as pools of every so many pixels, woven together",
  },
  {
    kinds: ["add"],
    place: "lanes",
    becomes:
      "of two maps: three multipliers, as TFLite; ONNX's where integers come to the same sums; a constant of more than one value a channel is a map that lies with the weights",
    runs: "behind the array, with the smaller or earlier map from memory; where no layer makes the other for the operator alone a step a value",
  },
  {
    kinds: ["concat"],
    place: "layout",
    becomes:
      "maps side by side in one buffer; an input of another scale is rescaled in front, an input that lies elsewhere is copied; of one map: its channels in another order",
    runs: "free; in a Fire module (1 x 1 and 3 x 3 of one map, one scale) the Fire engine. Channels that do not begin on a memory word are skipped by convolutions, and copied together for other readers. Along rows or columns at the end of a network: host",
  },
  {
    kinds: ["pad"],
    place: "layout",
    becomes: "padding of the layers behind it; channels of zeros are weights that convolutions leave out",
    runs: "free; where a reader cannot absorb it, a step a value",
  },
  {
    kinds: ["slice"],
    place: "layout",
    becomes: "a part of a map, read where it lies",
    runs: "free; copied for sums, concatenations, weaving and the host, and where channels do not begin on a memory word for all readers but convolutions; at the end of a network host",
  },
  {
    kinds: ["repeat"],
    place: "layout",
    becomes:
      "a pixel as several, copies that are woven together; more than 16 by one factor of columns or rows after another",
    runs: "a step a value; at the end of a network host",
  },
  {
    kinds: ["resize-bilinear"],
    place: "array",
    becomes:
      "TFLite's integers in steps of 1/1024 of a pixel, rounded half away from zero; in quantised networks from ONNX exact fractions, halves to the even integer, whose ties ONNX Runtime's float32 noise may decide; the map with its edges repeated, a weighted mean of windows for each phase, and all woven together",
    runs: "depthwise engine for factors of 2, 4 and 8 (also 16 without half pixels), from ONNX any up to 16 between equal scales, with aligned corners, and whole parts of such sizes, where the weights have 8 bits; other sizes are refused: `no-hardware`. At the end of a network host, any size",
  },
  {
    kinds: ["interleave"],
    place: "layout",
    becomes: "maps woven together pixel by pixel, each written where its pixels lie; slices are copied there",
    runs: "free where a layer writes each map for it alone, else a step a value; at the end of a network host",
  },
  {
    kinds: ["relu", "relu6", "relu-n1-to-1", "relu-0-to-1"],
    place: "folded",
    becomes: "limits of the layer in front",
    runs: "free",
  },
  {
    kinds: ["logistic", "tanh", "hard-swish", "elu", "leaky-relu", "prelu"],
    place: "lanes",
    becomes: "TFLite's integers as a table, or one a channel",
    runs: "a table behind the lanes, free; where no layer makes its values, a step a value. Slopes that differ from channel to channel: depthwise 1 x 1 layers for what lies above zero and below it, and their sum; in a quantised network from ONNX refused: `no-hardware`. Behind the last layer: host",
  },
  {
    kinds: ["maximum", "minimum"],
    place: "lanes",
    becomes:
      "of two maps: of the integers themselves, as TFLite, in quantised networks from ONNX behind a change to the result's scale; with a constant: limits of a depthwise 1 x 1 layer; constants that differ from channel to channel as a second map of one pixel",
    runs: "as `add`; depthwise engine",
  },
  {
    kinds: ["lrn"],
    place: "folded",
    becomes:
      "in float networks; `quantize` makes of it a square, a 1 x 1 convolution that sums the channels around, a `power` and a product",
    runs: "as those",
  },
  {
    kinds: ["curve"],
    place: "lanes",
    becomes:
      "smooth functions of float and quantised ONNX networks (ELU, SELU, CELU, softplus, softsign, Mish, GELU, also written out, exp, erf), as tables",
    runs: "as those",
  },
  {
    kinds: ["power"],
    place: "lanes",
    becomes: "a table, where `quantize` needs one",
    runs: "behind the lanes, free",
  },
  {
    kinds: ["kernel"],
    place: "lanes",
    becomes:
      "a TypeScript function from int8 to int8 ([activations.md](activations.md)); its maps have the function's scales and zero point 0",
    runs: "behind the lanes, free; where no layer makes its values, a step a value",
  },
  {
    kinds: ["batch-norm", "sub", "mul"],
    place: "array",
    becomes:
      "weights and biases of the layer in front or behind, constants only; else a depthwise 1 x 1 convolution of its own; in a quantised network `add`, `sub` and `mul` of a constant, one or one a channel, a depthwise 1 x 1 layer of the same integers; `sub` and `mul` of two maps, as TFLite, ONNX's where integers come to the same results; other constants as in `add`",
    runs: "free, or depthwise engine; two maps as `add`",
  },
  {
    kinds: ["quantize", "dequantize"],
    place: "array",
    becomes:
      "type and scale of a map; by 128 between int8 and uint8 nothing; float operators on single values of one map between both, whatever number and with constants of one value or one a channel, a table",
    runs: "free at the ends; float operators behind the last dequantisations (activations, softmax, element-wise operators with constants too, CONCATENATION, SLICE, reshapes) on the host, in float32 in the order of TFLite's reference kernels; a last layer of an ONNX network that nothing quantises too, in the order of ONNX Runtime's; a change of scale in between a step a value, or a table behind the lanes where no factor gives ONNX Runtime's values",
  },
  { kinds: ["identity"], place: "folded", becomes: "nothing", runs: "" },
  {
    kinds: ["transpose"],
    place: "host",
    becomes: "the same values in another order of axes, in floats",
    runs: "host, at the end only; elsewhere maps are read as they are stored",
  },
  { kinds: ["reshape"], place: "layout", becomes: "nothing: the same bytes", runs: "host, moves no data" },
  {
    kinds: ["softmax"],
    place: "host",
    becomes:
      "TFLite's integer softmax, over any axes, to 8 bits or to 16; of dequantised values, as ONNX networks end, in floats",
    runs: "host, at the end only",
  },
  {
    kinds: ["log-softmax", "l2-normalization"],
    place: "host",
    becomes: "TFLite's integers",
    runs: "host, at the end only",
  },
  {
    kinds: ["arg-max", "arg-min"],
    place: "host",
    becomes:
      "the place of the greatest or least integer along rows, columns or channels, int32 or int64 as the file has it; in float networks too, which `quantize` leaves as they are",
    runs: "host, at the end only",
  },
  { kinds: ["cast"], place: "host", becomes: "such places in another type", runs: "host" },
  {
    kinds: ["detection"],
    place: "host",
    becomes:
      "boxes, classes, scores and their number, in float32 and double precision as TFLite's kernel has them",
    runs: "host",
  },
];
