/** Every operator that the importer reads. To add one: a file beside this one, and its line here. */
import type { OperatorReader } from "../context.ts";
import { argMax, argMin, cast } from "./arg.ts";
import { add, maximum, minimum, mul, sub } from "./binary.ts";
import { depthToSpace, spaceToDepth } from "./blocks.ts";
import { concatenation } from "./concatenation.ts";
import { conv2d } from "./conv-2d.ts";
import { depthwiseConv2d } from "./depthwise-conv-2d.ts";
import { gather, reverse } from "./gather.ts";
import { fullyConnected } from "./fully-connected.ts";
import { detection } from "./detection.ts";
import { elu, gelu, hardSwish, leakyRelu, logistic, prelu, tanh } from "./functions.ts";
import { l2Normalization, logSoftmax, softmax } from "./lines.ts";
import { mirrorPad } from "./mirror-pad.ts";
import { padV2, plainPad } from "./pad.ts";
import { averagePool2d, maxPool2d } from "./pool-2d.ts";
import { mean, reduceMax } from "./reduce.ts";
import { resizeBilinear, resizeNearestNeighbor } from "./resize.ts";
import { slice, split, splitV, stridedSlice } from "./slice.ts";
import { transposeConv } from "./transpose-conv.ts";
import { transpose } from "./transpose.ts";
import {
  dequantize,
  expandDims,
  quantize,
  relu,
  relu0To1,
  relu6,
  reluN1To1,
  reshape,
  squeeze,
} from "./unary.ts";

export const OPERATOR_READERS: readonly OperatorReader[] = [
  conv2d,
  depthwiseConv2d,
  transposeConv,
  fullyConnected,
  averagePool2d,
  maxPool2d,
  mean,
  reduceMax,
  add,
  sub,
  mul,
  maximum,
  minimum,
  plainPad,
  padV2,
  mirrorPad,
  concatenation,
  slice,
  stridedSlice,
  split,
  splitV,
  gather,
  reverse,
  resizeNearestNeighbor,
  resizeBilinear,
  depthToSpace,
  spaceToDepth,
  reshape,
  squeeze,
  expandDims,
  transpose,
  relu,
  relu6,
  reluN1To1,
  relu0To1,
  logistic,
  tanh,
  hardSwish,
  gelu,
  leakyRelu,
  prelu,
  elu,
  softmax,
  logSoftmax,
  l2Normalization,
  argMax,
  argMin,
  cast,
  detection,
  quantize,
  dequantize,
];
