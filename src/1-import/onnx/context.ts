/** What the readers of single operators share. */
import type { Node, Quantization, Tensor } from "../../ir/graph.ts";
import type { Shape } from "../../ir/shapes.ts";
import { sameShape, showShape } from "../../ir/shapes.ts";
import type { Attributes, Report } from "./attributes.ts";
import type { GraphBuilder } from "./builder.ts";
import type { ExternalFiles } from "./external.ts";
import { CHANNELS_FIRST, defaultAxes, elementOrder, storedShape } from "./values.ts";
import type { ConstantValue, MapValue, Value } from "./values.ts";

export interface OperatorContext {
  readonly index: number;
  readonly name: string;
  readonly operator: string;
  /** Version of the operator set that the operator belongs to. */
  readonly opset: number;
  /** Undefined where the file leaves an optional input out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputName: string;
  /** Of all outputs, as the file states them; what has no reader may have no name. */
  readonly outputNames: readonly string[];
  readonly attributes: Attributes;
  readonly builder: GraphBuilder;
  /** Beside the model. */
  readonly files: ExternalFiles;
  /** Names of the outputs behind the first that the file states; nobody reads them. */
  readonly unread: readonly string[];
  readonly report: Report;
}

export interface OperatorReader {
  /** Fewest and most inputs. */
  readonly inputs: readonly [number, number];
  /** Reads attributes first, so that their problems show also where an input has one. Undefined after a report. */
  read(op: OperatorContext): Value | undefined;
  /** The outputs behind the first, where the operator has such; only the first has a value in most. */
  further?(op: OperatorContext): readonly (Value | undefined)[];
}

export const REEXPORT = "export the network again";

/** What a node has beside its kind's own attributes. */
export interface NodeParts {
  readonly name: string;
  readonly sources: readonly number[];
  readonly inputs: readonly number[];
  readonly output: number;
}

/**
 * Adds a node that makes the operator's output. `shape` is ONNX's; `axes` as in MapValue. The type and quantisation are
 * the first input's unless given.
 */
export function addNode(
  op: OperatorContext,
  inputs: readonly Tensor[],
  result: {
    readonly shape: Shape;
    readonly axes?: readonly number[] | undefined;
    readonly order?: readonly number[] | undefined;
    /** Of the tensor, where `axes` do not tell it. */
    readonly stored?: Shape;
    readonly dtype?: Tensor["dtype"];
    readonly quantization?: Quantization | undefined;
  },
  make: (parts: NodeParts) => Node,
): MapValue {
  const axes = result.axes ?? defaultAxes(result.shape.length);
  const dtype = result.dtype ?? inputs[0]?.dtype ?? "float32";
  const quantization = "quantization" in result ? result.quantization : inheritedQuantization(op, inputs[0]);
  const tensor = op.builder.map(
    op.outputName,
    result.stored ?? storedShape(result.shape, axes),
    dtype,
    quantization,
  );
  const ids = inputs.map((input) => input.id);
  op.builder.nodes.push(make({ name: op.name, sources: [op.index], inputs: ids, output: tensor.id }));
  return { kind: "map", tensor, shape: result.shape, axes, ...(result.order && { order: result.order }) };
}

/** For an operator whose result lies as its input does. */
export function layoutOf({ axes, order, shape, tensor }: MapValue): {
  readonly shape: Shape;
  readonly axes: readonly number[];
  readonly order: readonly number[] | undefined;
  readonly stored: Shape;
} {
  return { shape, axes, order, stored: tensor.shape };
}

/** Operators that move or compare values keep the scale. */
function inheritedQuantization(op: OperatorContext, input: Tensor | undefined): Quantization | undefined {
  return input && op.builder.tensors.get(input.id)?.quantization;
}

/** Input `index` as an activation; a constant in its place is reported. */
export function requireMap(op: OperatorContext, index: number): MapValue | undefined {
  const value = op.inputs[index];
  if (value?.kind === "constant") {
    op.report(
      "unsupported-map",
      `input ${index} that is a constant`,
      "a map computed by the network",
      "fold constants before the export",
    );
    return undefined;
  }
  return value;
}

/** Input `index` as a map in the layout that a layer with windows needs. */
export function requireImage(op: OperatorContext, index = 0): MapValue | undefined {
  const map = requireMap(op, index);
  if (!map) return undefined;
  if (map.shape.length !== 4) {
    op.report(
      "unsupported-shape",
      `an input ${showShape(map.shape)}`,
      "[1, C, H, W]",
      "use layers of two dimensions",
    );
    return undefined;
  }
  return requirePlain(op, map);
}

/** Reports a map that a transposition left in another order than [N, C, H, W], or flattened in another than stored. */
export function requirePlain(op: OperatorContext, map: MapValue): MapValue | undefined {
  const plain = map.shape.length !== 4 || map.axes.every((place, axis) => place === CHANNELS_FIRST[axis]);
  if (plain && !map.order) return map;
  if (!map.order && sameShape(elementOrder(map.shape, map.axes), elementOrder(map.shape, CHANNELS_FIRST))) {
    // only axes of one element stand elsewhere
    const at = { ...op, name: `${op.name}/pixels`, outputName: `${op.outputName}/pixels` };
    return addNode(at, [map.tensor], { shape: map.shape }, (parts) => ({ kind: "reshape", ...parts }));
  }
  const found = plain ? "a map flattened in [C, H, W] order" : "a transposed map";
  op.report(
    "unsupported-map",
    found,
    "maps in [N, C, H, W]",
    "remove the transposition or the flattening before it",
  );
  return undefined;
}

/** Input `index` as a constant; undefined without a report when it is left out. */
export function requireConstant(op: OperatorContext, index: number, what: string): ConstantValue | undefined {
  const value = op.inputs[index];
  if (value?.kind === "map") {
    op.report(
      "dynamic-operand",
      `${what} computed at run time`,
      `${what} stored in the file`,
      "fold constants before the export",
    );
    return undefined;
  }
  return value;
}

/** Whether input `index` is there, also when it is of the wrong kind. */
export function hasInput(op: OperatorContext, index: number): boolean {
  return op.inputs[index] !== undefined;
}

/** The elements of a float constant. */
export function floatsOf(
  op: OperatorContext,
  constant: ConstantValue,
  what: string,
): Float32Array | undefined {
  if (constant.data instanceof Float32Array) return constant.data;
  op.report("unsupported-type", `${what} of ${constant.dtype}`, `${what} of float32`, REEXPORT);
  return undefined;
}

/** The elements of an int64 or int32 constant such as axes and shapes. */
export function integersOf(op: OperatorContext, constant: ConstantValue, what: string): number[] | undefined {
  const { data } = constant;
  if (data instanceof BigInt64Array || data instanceof Int32Array) return Array.from(data, Number);
  op.report("unsupported-type", `${what} of ${constant.dtype}`, `${what} of int64`, REEXPORT);
  return undefined;
}

/** An axis counted from the end when negative; reported when outside of the rank. */
export function normalAxis(op: OperatorContext, axis: number, rank: number): number | undefined {
  const normal = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(normal) && normal >= 0 && normal < Math.max(rank, 1)) return normal;
  op.report(
    "invalid-attribute",
    `axis ${axis} of ${rank} dimensions`,
    `axes -${rank} to ${rank - 1}`,
    REEXPORT,
  );
  return undefined;
}
