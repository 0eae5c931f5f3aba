/**
 * Transpositions as the order of axes: networks that were converted from [N, C, H, W] move their maps there and back. A map is
 * stored as its first writer made it, and what reads it knows where the file's axes lie.
 */
import type { Tensor, TensorId } from "../../ir/graph.ts";
import { item, known } from "../../ir/known.ts";
import { placesOf, stridesOf } from "../../ir/places.ts";
import { elements, sameShape } from "../../ir/shapes.ts";
import type { Shape } from "../../ir/shapes.ts";
import type { FileOperator } from "./file.ts";
import { numbersOf } from "./fold/constant.ts";
import { OperatorCode } from "./schema.ts";

/** An operator whose maps are stored in another order of axes than the file's, where `axes` is present. */
export interface LaidOperator extends FileOperator {
  /** Where the tensors hold each of the file's axes; the others have one element. */
  readonly axes?: readonly number[];
  /** The order of axes has taken it over: nothing is left to compute. */
  readonly isAbsorbed?: true;
}

/** A map of the file as another tensor holds it. */
interface View {
  readonly tensor: TensorId;
  /** The file's shape. */
  readonly shape: Shape;
  readonly axes: readonly number[];
  /** Of the operator that made the map. */
  readonly index: number;
}

/** Operators that treat every value on its own. */
const ELEMENT_WISE: ReadonlySet<string> = new Set([
  "ADD",
  "SUB",
  "MUL",
  "MAXIMUM",
  "MINIMUM",
  "QUANTIZE",
  "DEQUANTIZE",
  "RELU",
  "RELU6",
  "RELU_N1_TO_1",
  "RELU_0_TO_1",
  "LOGISTIC",
  "TANH",
  "HARD_SWISH",
  "ELU",
  "GELU",
  "LEAKY_RELU",
  "PRELU",
]);
const RESHAPES: ReadonlySet<string> = new Set(["RESHAPE", "SQUEEZE", "EXPAND_DIMS"]);

const CHANNELS_LAST = [0, 2, 3, 1];
const CHANNELS_FIRST = [0, 3, 1, 2];

/** State of one layout: `tensors` get the shapes in which they are stored. */
interface Layout {
  readonly tensors: Map<TensorId, Tensor>;
  readonly outputs: readonly TensorId[];
  readonly views: Map<TensorId, View>;
  /** Tensors of the file that nothing writes: others stand for them. */
  readonly unwritten: Set<TensorId>;
  readonly operators: LaidOperator[];
}

/**
 * The operators without the transpositions that the order of axes takes over; those that it cannot stay. An input in
 * [N, C, H, W] that is only read transposed becomes one in [N, H, W, C].
 */
export function layOut(
  operators: readonly FileOperator[],
  ends: { readonly inputs: readonly TensorId[]; readonly outputs: readonly TensorId[] },
  tensors: Map<TensorId, Tensor>,
): readonly LaidOperator[] {
  const layout: Layout = {
    tensors,
    outputs: ends.outputs,
    views: new Map(),
    unwritten: new Set(),
    operators: [],
  };
  for (const id of ends.inputs) layInput(id, operators, layout);
  for (const operator of operators) layOperator(operator, layout);
  for (const id of layout.unwritten) tensors.delete(id);
  return layout.operators;
}

function layInput(id: TensorId, operators: readonly FileOperator[], { tensors, views }: Layout): void {
  const tensor = tensors.get(id);
  const readers = operators.filter(({ inputs }) => inputs.includes(id));
  const isMoved = ({ operator, inputs }: FileOperator) =>
    operator === "TRANSPOSE" && sameShape(constantOf(tensors, inputs[1]) ?? [], CHANNELS_LAST);
  if (tensor?.shape.length !== 4 || readers.length === 0 || !readers.every(isMoved)) return;
  views.set(id, { tensor: id, shape: tensor.shape, axes: CHANNELS_FIRST, index: item(readers, 0).index });
  tensors.set(id, { ...tensor, shape: CHANNELS_LAST.map((axis) => item(tensor.shape, axis)) });
}

function layOperator(operator: FileOperator, layout: Layout): void {
  const laid = carried(operator, layout);
  if (laid) layout.operators.push(laid);
  else layout.operators.push({ ...operator, inputs: operator.inputs.map((id) => restored(id, layout)) });
}

/** The operator on maps as they are stored; undefined where it needs them in the file's order. */
function carried(operator: FileOperator, layout: Layout): LaidOperator | undefined {
  const { tensors, views } = layout;
  const name = operator.operator;
  const first = operator.inputs.map((id) => viewOf(id, layout)).find((view) => view !== undefined);
  if (!first || operator.outputs.length !== 1) return undefined;
  if (name === "TRANSPOSE") return transposed(operator, first, layout);
  if (name === "MEAN" || name === "REDUCE_MAX") return reduction(operator, first, layout);
  if (!operator.inputs.some((id) => views.has(id))) return undefined;
  if (name === "FULLY_CONNECTED") return dense(operator, first, layout);
  if (RESHAPES.has(name)) return reshaped(operator, first, layout);
  if (name === "PAD" || name === "PADV2") {
    const paddings = constantOf(tensors, operator.inputs[1]);
    return paddings?.length === 2 * first.axes.length ? sameAxes(operator, first, layout) : undefined;
  }
  if (name === "CONCATENATION" || ELEMENT_WISE.has(name)) return sameAxes(operator, first, layout);
  return undefined;
}

/** A map as it is stored: through a view, or as the file has it. Undefined for constants and what could not be read. */
function viewOf(id: TensorId | undefined, { tensors, views }: Layout): View | undefined {
  const tensor = id === undefined ? undefined : tensors.get(id);
  if (!tensor || tensor.data) return undefined;
  const { shape } = tensor;
  return views.get(tensor.id) ?? { tensor: tensor.id, shape, axes: shape.map((_, axis) => axis), index: -1 };
}

function constantOf(tensors: Layout["tensors"], id: TensorId | undefined): number[] | undefined {
  const data = id === undefined ? undefined : tensors.get(id)?.data;
  return data && Array.from(numbersOf(data));
}

function transposed(operator: FileOperator, view: View, layout: Layout): LaidOperator | undefined {
  const { inputs, outputs, index } = operator;
  const order = constantOf(layout.tensors, inputs[1]);
  const id = item(outputs, 0);
  const isOrder = order?.length === view.axes.length && view.axes.every((_, axis) => order.includes(axis));
  if (!order || !isOrder || !keepsValues(view.tensor, id, layout)) return undefined;
  const shape = order.map((axis) => item(view.shape, axis));
  const made = { tensor: view.tensor, shape, axes: order.map((axis) => item(view.axes, axis)), index };
  if (layout.outputs.includes(id)) return isInOrder(made) ? reshapeOf(made, id) : undefined;
  return absorbed(operator, made, layout);
}

/** Nothing is left of an operator whose output another tensor holds. */
function absorbed(operator: FileOperator, view: View, { views, unwritten }: Layout): LaidOperator {
  const id = item(operator.outputs, 0);
  views.set(id, view);
  unwritten.add(id);
  return { ...operator, isAbsorbed: true };
}

/** Whether both tensors have one type, scale and zero point, so that the one may stand for the other. */
function keepsValues(from: TensorId, to: TensorId, { tensors }: Layout): boolean {
  const [a, b] = [tensors.get(from), tensors.get(to)];
  const same = (x: readonly number[] = [], y: readonly number[] = []) => sameShape(x, y);
  return (
    a?.dtype === b?.dtype &&
    same(a?.quantization?.scales, b?.quantization?.scales) &&
    same(a?.quantization?.zeroPoints, b?.quantization?.zeroPoints)
  );
}

/** The values of a view in order, under the shape of another tensor. */
function reshapeOf({ tensor, index }: Pick<View, "tensor" | "index">, output: TensorId): LaidOperator {
  const base = { index, code: OperatorCode.RESHAPE, operator: "RESHAPE", optionsType: 0, options: undefined };
  return { ...base, inputs: [tensor], outputs: [output] };
}

/** Sizes as stored, of a tensor of the file whose axes lie there. */
function storedShape(shape: Shape, axes: readonly number[], rank: number): number[] {
  return Array.from({ length: rank }, (_, place) => {
    const axis = axes.indexOf(place);
    return axis < 0 ? 1 : item(shape, axis);
  });
}

/** Gives the output the shape that it has when it is stored as `axes` say; false where the file's order would be lost. */
function store(
  { outputs, index }: FileOperator,
  axes: readonly number[],
  rank: number,
  layout: Layout,
): boolean {
  const id = item(outputs, 0);
  const output = layout.tensors.get(id);
  if (!output || output.shape.length !== axes.length) return false;
  const view = { tensor: id, shape: output.shape, axes, index };
  if (layout.outputs.includes(id) && !isInOrder(view)) return false;
  layout.tensors.set(id, { ...output, shape: storedShape(output.shape, axes, rank) });
  if (!isStoredSo(view, rank)) layout.views.set(id, view);
  return true;
}

/** Whether the file's axes are the stored ones. */
function isStoredSo({ axes }: View, rank: number): boolean {
  return axes.length === rank && axes.every((place, axis) => place === axis);
}

/** Whether values follow each other in memory as in the file. */
function isInOrder({ shape, axes }: View): boolean {
  const places = axes.filter((_, axis) => item(shape, axis) !== 1);
  return places.every((place, i) => i === 0 || place > item(places, i - 1));
}

const rankOf = ({ tensor }: Pick<View, "tensor">, { tensors }: Layout): number =>
  known(tensors.get(tensor), "the tensor of a view").shape.length;

/** Element-wise operators, concatenations and padding of maps that are all stored alike. */
function sameAxes(operator: FileOperator, { axes, tensor }: View, layout: Layout): LaidOperator | undefined {
  const rank = rankOf({ tensor }, layout);
  const isElementWise = ELEMENT_WISE.has(operator.operator);
  const views = operator.inputs.map((id) => viewOf(id, layout));
  const alike = views.every((view) => !view || (sameShape(view.axes, axes) && rankOf(view, layout) === rank));
  if (!alike || !store(operator, axes, rank, layout)) return undefined;
  const inputs = operator.inputs.map(
    (id, i) => views[i]?.tensor ?? (isElementWise ? laidConstant(id, axes, rank, layout) : id),
  );
  return { ...operator, inputs, axes };
}

/** A constant operand as the map beside it is stored. One of fewer dimensions stands for the last of them. */
function laidConstant(id: TensorId, axes: readonly number[], rank: number, layout: Layout): TensorId {
  const constant = layout.tensors.get(id);
  if (!constant?.data || constant.data.length === 1 || constant.shape.length > axes.length) return id;
  const shape = [...Array<number>(axes.length).fill(1), ...constant.shape].slice(-axes.length);
  const strides = stridesOf(shape);
  const stored = storedShape(shape, axes, rank);
  const places = placesOf(stored, storedShape(strides, axes, rank));
  return addConstant(layout, constant, stored, places);
}

/** The constant's values in another order, as a tensor of its own. */
function addConstant(
  { tensors }: Layout,
  constant: Tensor,
  shape: Shape,
  places: readonly number[],
): TensorId {
  const from = known(constant.data, "the values of a constant");
  const data = from.slice();
  for (const [to, place] of places.entries()) data[to] = item<number | bigint>(from, place);
  const id = Math.max(...tensors.keys()) + 1;
  tensors.set(id, { ...constant, id, shape, data });
  return id;
}

/** A mean or maximum keeps its axes as dimensions of one element. Over both height and width of a plain map it stays as it is. */
function reduction(operator: FileOperator, view: View, layout: Layout): LaidOperator | undefined {
  const { tensors, views } = layout;
  const reduced = new Set(
    constantOf(tensors, operator.inputs[1])?.map((axis) => (axis < 0 ? axis + view.axes.length : axis)),
  );
  const output = tensors.get(item(operator.outputs, 0));
  const isPlain = !views.has(item(operator.inputs, 0));
  const rank = rankOf(view, layout);
  if (!output || reduced.size === 0 || rank < 3 || rank > 4 || (isPlain && reduced.size !== 1))
    return undefined;
  const map = rank === 3 ? withHeight(view, operator, layout) : view;
  const keepsDimensions = output.shape.length === map.axes.length;
  const axes = keepsDimensions ? map.axes : map.axes.filter((_, axis) => !reduced.has(axis));
  if (!store(operator, axes, 4, layout)) return undefined;
  return { ...operator, inputs: [map.tensor, ...operator.inputs.slice(1)], axes: map.axes };
}

/** A map [1, W, C] of convolutions along one axis as [1, 1, W, C]. */
function withHeight({ tensor, shape, axes }: View, { index }: FileOperator, layout: Layout): View {
  const { tensors, operators } = layout;
  const stored = known(tensors.get(tensor), "the tensor of a view");
  const id = Math.max(...tensors.keys()) + 1;
  tensors.set(id, { ...stored, id, shape: stored.shape.toSpliced(1, 0, 1) });
  operators.push(reshapeOf({ tensor, index }, id));
  return { tensor: id, shape, axes: axes.map((place) => (place === 0 ? 0 : place + 1)), index };
}

/** A fully connected layer reads the stored order, with its weights in that order. */
function dense(operator: FileOperator, view: View, layout: Layout): LaidOperator | undefined {
  const [, id, ...rest] = operator.inputs;
  const weights = layout.tensors.get(id ?? -1);
  const [outputs = 0, inputs = 0] = weights?.shape ?? [];
  if (!weights?.data || weights.shape.length !== 2 || inputs !== elements(view.shape)) return undefined;
  if (id === undefined || isInOrder(view))
    return { ...operator, inputs: [view.tensor, item(operator.inputs, 1), ...rest] };
  const rank = rankOf(view, layout);
  const columns = placesOf(
    storedShape(view.shape, view.axes, rank),
    storedShape(stridesOf(view.shape), view.axes, rank),
  );
  const places = Array.from({ length: outputs }, (_, k) =>
    columns.map((column) => k * inputs + column),
  ).flat();
  return { ...operator, inputs: [view.tensor, addConstant(layout, weights, weights.shape, places), ...rest] };
}

/** A reshape of values in order reads them as stored; one that only drops or adds dimensions of one element is another view. */
function reshaped(operator: FileOperator, view: View, layout: Layout): LaidOperator | undefined {
  const output = layout.tensors.get(item(operator.outputs, 0));
  if (!output || elements(output.shape) !== elements(view.shape)) return undefined;
  if (isInOrder(view)) return { ...operator, inputs: [view.tensor, ...operator.inputs.slice(1)] };
  const isLarge = (n: number) => n !== 1;
  if (layout.outputs.includes(output.id) || !keepsValues(view.tensor, output.id, layout)) return undefined;
  const sizes = output.shape.filter(isLarge);
  if (!sameShape(sizes, view.shape.filter(isLarge))) {
    // the fully connected layers behind a flattening see the map itself
    if (sizes.length !== 1) return undefined;
    return absorbed(operator, view, layout);
  }
  const free = Array.from({ length: rankOf(view, layout) }, (_, place) => place).filter(
    (place) => !view.axes.some((axis, i) => axis === place && isLarge(item(view.shape, i))),
  );
  const taken = view.axes.filter((_, i) => isLarge(item(view.shape, i)));
  const axes = output.shape.map((n) => (isLarge(n) ? taken.shift() : free.shift()));
  if (!axes.every((place) => place !== undefined)) return undefined;
  const { tensor } = view;
  return absorbed(operator, { tensor, shape: output.shape, axes, index: operator.index }, layout);
}

/**
 * The tensor that holds a map as the file has it: the stored one, a reshape of it where the values are in order, else a
 * transposition, which its reader reports.
 */
function restored(id: TensorId, layout: Layout): TensorId {
  const { tensors, views, unwritten, operators } = layout;
  const view = views.get(id);
  if (!view) return id;
  const tensor = known(tensors.get(id), "the tensor of a view");
  if (isStoredSo(view, rankOf(view, layout))) return view.tensor;
  const target = view.tensor === id ? Math.max(...tensors.keys()) + 1 : id;
  const { shape, axes } = view;
  unwritten.delete(target);
  if (target !== id) tensors.set(target, { ...tensor, id: target, shape });
  const reshape = reshapeOf(view, target);
  if (isInOrder(view)) operators.push(reshape);
  else operators.push({ ...reshape, code: OperatorCode.TRANSPOSE, operator: "TRANSPOSE", axes });
  const made = known(tensors.get(target), "the tensor of a map").shape;
  views.set(id, { tensor: target, shape: made, axes: made.map((_, axis) => axis), index: view.index });
  return target;
}
