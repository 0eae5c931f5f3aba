/** Every operator that the importer reads. To add one: its reader in a file beside this one, and its line here. */
import type { OperatorReader } from "../context.ts";
import { alsoOfOneAxis } from "./one-axis.ts";
import { ARITHMETIC } from "../fold/arithmetic.ts";
import { MOVING } from "../fold/moving.ts";
import type { Value } from "../values.ts";
import { argMax, argMin } from "./arg.ts";
import { clip } from "./clip.ts";
import { expand, gather, tile } from "./copies.ts";
import { constant } from "./constant.ts";
import { conv } from "./conv.ts";
import { convTranspose } from "./conv-transpose.ts";
import { gemm, matMul } from "./dense.ts";
import {
  convInteger,
  dynamicQuantizeLinear,
  dynamicQuantizeMatMul,
  matMulInteger,
  matMulIntegerToFloat,
} from "./dynamic.ts";
import { add, batchNormalization, lrn, div, dropout, identity, mul, relu, sub, sum } from "./elementwise.ts";
import { max, min } from "./extreme.ts";
import {
  celu,
  elu,
  erf,
  exp,
  gelu,
  mish,
  pow,
  pRelu,
  reciprocal,
  selu,
  softplus,
  softsign,
  sqrt,
} from "./curves.ts";
import { abs, hardSigmoid, hardSwish, leakyRelu, neg, sigmoid, tanh } from "./kernels.ts";
import { concat, flatten, reshape, squeeze, transpose, unsqueeze } from "./layout.ts";
import { depthToSpace, slice, spaceToDepth, split } from "./move.ts";
import { pad } from "./pad.ts";
import { averagePool, globalAveragePool, globalMaxPool, maxPool } from "./pool.ts";
import {
  qGemm,
  qLinearAdd,
  qLinearAveragePool,
  qLinearConcat,
  qLinearConv,
  qLinearGlobalAveragePool,
  qLinearLeakyRelu,
  qLinearMul,
  qLinearSigmoid,
  qLinearMatMul,
} from "./qlinear.ts";
import { dequantizeLinear, quantizeLinear } from "./quantize.ts";
import { quant } from "./qonnx.ts";
import { reduceMax, reduceMean } from "./reduce.ts";
import { resize, upsample } from "./resize.ts";
import { logSoftmax, softmax } from "./softmax.ts";
import { cast, shape, size } from "./shape.ts";

/** Of the domain `ai.onnx`, which files leave empty. */
export const STANDARD: Readonly<Record<string, OperatorReader>> = {
  Abs: abs,
  Add: add,
  ArgMax: argMax,
  ArgMin: argMin,
  AveragePool: alsoOfOneAxis(averagePool),
  BatchNormalization: alsoOfOneAxis(batchNormalization),
  Cast: cast,
  Celu: celu,
  Clip: clip,
  Concat: concat,
  Constant: constant,
  Conv: alsoOfOneAxis(conv),
  ConvInteger: convInteger,
  ConvTranspose: convTranspose,
  DepthToSpace: depthToSpace,
  DequantizeLinear: dequantizeLinear,
  Div: div,
  Dropout: dropout,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
  Elu: elu,
  Erf: erf,
  Exp: exp,
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  Gelu: gelu,
  Gemm: gemm,
  GlobalAveragePool: alsoOfOneAxis(globalAveragePool),
  GlobalMaxPool: alsoOfOneAxis(globalMaxPool),
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Identity: identity,
  LRN: lrn,
  LeakyRelu: leakyRelu,
  LogSoftmax: logSoftmax,
  MatMul: matMul,
  MatMulInteger: matMulInteger,
  Max: max,
  MaxPool: alsoOfOneAxis(maxPool),
  Min: min,
  Mish: mish,
  Mul: mul,
  Neg: neg,
  PRelu: pRelu,
  Pad: pad,
  Pow: pow,
  QLinearConv: qLinearConv,
  QLinearMatMul: qLinearMatMul,
  QuantizeLinear: quantizeLinear,
  Reciprocal: reciprocal,
  ReduceMax: reduceMax,
  ReduceMean: reduceMean,
  Relu: relu,
  Reshape: reshape,
  Resize: resize,
  Selu: selu,
  Shape: shape,
  Sigmoid: sigmoid,
  Size: size,
  Slice: slice,
  Softmax: softmax,
  Softplus: softplus,
  Softsign: softsign,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Sqrt: sqrt,
  Squeeze: squeeze,
  Sub: sub,
  Sum: sum,
  Tanh: tanh,
  Tile: tile,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Upsample: upsample,
};

/** Of ONNX Runtime's own domain. */
export const MICROSOFT: Readonly<Record<string, OperatorReader>> = {
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeMatMul: dynamicQuantizeMatMul,
  MatMulIntegerToFloat: matMulIntegerToFloat,
  Gelu: gelu,
  QGemm: qGemm,
  QLinearAdd: qLinearAdd,
  QLinearAveragePool: qLinearAveragePool,
  QLinearConcat: qLinearConcat,
  QLinearGlobalAveragePool: qLinearGlobalAveragePool,
  QLinearLeakyRelu: qLinearLeakyRelu,
  QLinearMul: qLinearMul,
  QLinearSigmoid: qLinearSigmoid,
  QuantizeLinear: quantizeLinear,
};

/** Of QONNX, whose domain has been called by three names. */
export const QONNX: Readonly<Record<string, OperatorReader>> = { IntQuant: quant, Quant: quant };

const QONNX_DOMAINS: readonly string[] = [
  "qonnx.custom_op.general",
  "finn.custom_op.general",
  "onnx.brevitas",
];

/** Of the standard domain, where all inputs are constants. */
export const FOLDED: Readonly<Record<string, OperatorReader>> = { ...ARITHMETIC, ...MOVING };

/** How to read an operator of such inputs, none where one is unknown; undefined where nobody knows the operator. */
export function readerFor(
  domain: string,
  operator: string,
  inputs: readonly (Value | undefined)[],
): OperatorReader | undefined {
  const values = inputs.filter((value) => value !== undefined);
  const isConstant = values.length > 0 && values.every(({ kind }) => kind === "constant");
  const folds = isConstant && isStandard(domain) && Object.hasOwn(FOLDED, operator);
  return folds ? FOLDED[operator] : readerOf(domain, operator);
}

function readerOf(domain: string, operator: string): OperatorReader | undefined {
  const table = tableOf(domain);
  return Object.hasOwn(table, operator) ? table[operator] : undefined;
}

function tableOf(domain: string): Readonly<Record<string, OperatorReader>> {
  if (isStandard(domain)) return STANDARD;
  if (domain === "com.microsoft") return MICROSOFT;
  return QONNX_DOMAINS.includes(domain) ? QONNX : {};
}

export function isStandard(domain: string): boolean {
  return domain === "" || domain === "ai.onnx";
}
