/**
 * Operators on constants and on the shapes of maps, computed while the file is read: what converters leave of a
 * network's arithmetic of shapes, and weights that are converted from another type.
 */
import type { DType, Tensor, TensorId } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { elements } from "../../../ir/shapes.ts";
import type { FileOperator } from "../file.ts";
import { OperatorCode } from "../schema.ts";
import * as compute from "./compute.ts";
import { numbersOf, typedData } from "./constant.ts";
import type { Constant, Fold, Folded } from "./constant.ts";
import * as move from "./move.ts";

/** By the operator's name. */
export const FOLDS: ReadonlyMap<string, Fold> = new Map([
  ["ABS", compute.absolute],
  ["ADD", compute.add],
  ["BROADCAST_TO", move.broadcastTo],
  ["CAST", compute.cast],
  ["CONCATENATION", move.concatenation],
  ["DEQUANTIZE", compute.dequantize],
  ["DIV", compute.div],
  ["EQUAL", compute.equal],
  ["EXPAND_DIMS", move.expandDims],
  ["FILL", move.fill],
  ["FLOOR_DIV", compute.floorDiv],
  ["FLOOR_MOD", compute.floorMod],
  ["GATHER", move.gather],
  ["GREATER", compute.greater],
  ["GREATER_EQUAL", compute.greaterEqual],
  ["LESS", compute.less],
  ["LESS_EQUAL", compute.lessEqual],
  ["MAXIMUM", compute.maximum],
  ["MINIMUM", compute.minimum],
  ["MUL", compute.mul],
  ["NEG", compute.negative],
  ["NOT_EQUAL", compute.notEqual],
  ["PACK", move.pack],
  ["QUANTIZE", compute.quantize],
  ["RANGE", move.range],
  ["REDUCE_MAX", compute.reduceMax],
  ["REDUCE_MIN", compute.reduceMin],
  ["REDUCE_PROD", compute.product],
  ["RESHAPE", move.reshape],
  ["SLICE", move.slice],
  ["SQUEEZE", move.squeeze],
  ["STRIDED_SLICE", move.stridedSlice],
  ["SUB", compute.sub],
  ["SUM", compute.sum],
  ["TRANSPOSE", move.transpose],
  ["UNPACK", move.unpack],
]);

/** Operators whose result the shape of what they read tells. */
export const OF_SHAPES: ReadonlyMap<string, (shape: readonly number[]) => Folded> = new Map([
  ["RANK", (shape: readonly number[]): Folded => ({ shape: [], values: [shape.length] })],
  ["SHAPE", (shape: readonly number[]): Folded => ({ shape: [shape.length], values: shape })],
]);

/**
 * Gives the outputs of every operator that can be computed their values in `tensors`, and the outputs of RESHAPE the
 * shape that its second operand then says. Returns the operators that are no longer needed.
 */
export function foldConstants(
  operators: readonly FileOperator[],
  tensors: Map<TensorId, Tensor>,
): ReadonlySet<FileOperator> {
  const folded = new Set<FileOperator>();
  for (const operator of operators) {
    const results = fold(operator, tensors);
    if (results) folded.add(operator);
    else if (operator.code === OperatorCode.RESHAPE) resolveShape(operator, tensors);
    for (const [i, { shape, values }] of (results ?? []).entries()) {
      const id = item(operator.outputs, i);
      const tensor = tensors.get(id);
      if (!tensor) continue;
      // What the file says of the result is as good, and files leave out options that only change dimensions of 1.
      const isStated = elements(tensor.shape) === elements(shape);
      const stated = isStated ? tensor.shape : shape;
      tensors.set(id, { ...tensor, shape: stated, data: typedData(values, tensor.dtype) });
    }
  }
  return folded;
}

function fold(
  { operator, inputs, outputs, options }: FileOperator,
  tensors: ReadonlyMap<TensorId, Tensor>,
): readonly Folded[] | undefined {
  const [output] = outputs.map((id) => tensors.get(id));
  if (!output) return undefined;
  const ofShape = OF_SHAPES.get(operator);
  const shape = tensors.get(inputs[0] ?? -1)?.shape;
  if (ofShape) return shape && [ofShape(shape)];
  const constants = inputs.map((id) => constantOf(tensors.get(id))).filter((one) => one !== undefined);
  if (constants.length !== inputs.length) return undefined;
  const results = FOLDS.get(operator)?.(constants, { output, outputs: outputs.length, options });
  const isSound = results?.length === outputs.length && results.every((result) => fits(result, output.dtype));
  return isSound ? results : undefined;
}

/** A damaged file may ask for integers of what has none. */
function fits({ values }: Folded, dtype: DType): boolean {
  return dtype === "float32" || Array.from(values).every(Number.isFinite);
}

function constantOf(tensor: Tensor | undefined): Constant | undefined {
  return tensor?.data && { ...tensor, values: numbersOf(tensor.data) };
}

/** Converters write 1 for sizes that they do not know; the operand does. */
function resolveShape({ inputs, outputs }: FileOperator, tensors: Map<TensorId, Tensor>): void {
  const [map, wanted] = inputs.map((id) => tensors.get(id));
  const output = tensors.get(outputs[0] ?? -1);
  if (!map || !wanted?.data || !output || elements(output.shape) === elements(map.shape)) return;
  const shape = move.reshaped(map.shape, numbersOf(wanted.data));
  if (shape) tensors.set(output.id, { ...output, shape });
}
