/** Layers of a quantised network that its framework computes in floats. */

/**
 * A layer that ONNX Runtime computes in float32 on dequantised values, and rounds to even behind it: the noise of its sums
 * decides those that fall on ties. The integers of the node that has one are the layer's exact sums.
 */
export interface FloatLayer {
  /** Dequantised, [K][C / groups][kh][kw]: the products of an output in the order in which they are summed. */
  readonly weights: Float32Array;
  readonly bias: Float32Array | null;
  readonly groups: number;
  readonly order: FloatOrder;
}

/**
 * A mean as a layer of ones, in float32: the sum over what is summed. One value after the other (ReduceAggregatorSum::FastReduceRK), or
 * with `vectors` Eigen's sum of one row.
 */
export interface FloatMean extends Omit<FloatLayer, "order"> {
  readonly order: { readonly kind: "mean"; readonly vectors: boolean };
}

/**
 * How MLAS sums the products of an output (onnxruntime/core/mlas/lib, x64 with FMA, one thread). `blocks`: one fused multiply-add
 * after the other, anew for each block of `size` products (sgemm.cpp). `fours`: four rounded products to a sum, added to the sum
 * so far, `biasFirst` to the bias. `eights`: every eighth product to a sum of its own (both SgemmKernelM1Avx).
 */
export type FloatOrder =
  | { readonly kind: "blocks"; readonly size: number }
  | { readonly kind: "fours"; readonly biasFirst: boolean }
  | { readonly kind: "eights" };
