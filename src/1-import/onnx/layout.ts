/** Maps under other shapes: what lies where, and which layout ONNX's shape stands for. */
import { item } from "../../ir/known.ts";
import { elements, sameShape } from "../../ir/shapes.ts";
import type { Shape } from "../../ir/shapes.ts";
import { addNode } from "./context.ts";
import type { OperatorContext } from "./context.ts";
import {
  arrangementOf,
  CHANNELS_FIRST,
  defaultAxes,
  elementOrder,
  isIdentity,
  storedShape,
} from "./values.ts";
import type { MapValue } from "./values.ts";

/** Where a map of one picture may hold ONNX's axes: channels first before channels last. */
const LAYOUTS: readonly (readonly number[])[] = [CHANNELS_FIRST, [0, 1, 2, 3]];

/** ONNX's index of each stored element. */
export function orderOf({ axes, order, shape }: MapValue): readonly number[] {
  return order ?? elementOrder(shape, axes);
}

/**
 * The same elements under ONNX's `shape`, where `order` has its index of each stored element (the value's own unless given).
 * A vector, or a map in some layout, becomes a node that reshapes; any other shape is a name for the same tensor, which
 * the next reshape may give a meaning.
 */
export function settle(
  op: OperatorContext,
  value: MapValue,
  shape: Shape,
  options: { readonly order?: readonly number[]; readonly flatten?: true; readonly name?: string } = {},
): MapValue {
  const { flatten, name, order = orderOf(value) } = options;
  const isPicture = shape.length === 4 && shape[0] === 1;
  const isVector = shape.length === 1 || (shape.length === 2 && shape[0] === 1);
  const layout = isPicture ? layoutOf(shape, order) : undefined;
  const channels = isPicture && !layout ? channelOrder(value, shape, order) : undefined;
  if (channels)
    return addNode(op, [value.tensor], { shape }, (parts) => ({
      kind: "concat",
      ...parts,
      ...(name !== undefined && { name }),
      axis: 3,
      order: channels,
      activation: "none",
    }));
  const other = layout || isIdentity(order) ? undefined : order;
  const axes = layout ?? (isPicture ? shape.map((_, axis) => axis) : defaultAxes(shape.length));
  if (!layout && !isVector) {
    return {
      kind: "map",
      tensor: value.tensor,
      shape,
      axes: shape.map((_, axis) => axis),
      ...(other && { order: other }),
    };
  }
  return addNode(op, [value.tensor], { shape, axes, order: other }, (parts) => ({
    kind: "reshape",
    ...parts,
    ...(name !== undefined && { name }),
    ...(flatten && { flatten }),
  }));
}

/**
 * The value as a tensor of the value's own axes, where only the name of its shape is another or the tensor has several of the axes as one. `what`: tells the
 * reshapes of one operator apart. Elements that lie in no order of its axes are moved.
 */
export function shaped(op: OperatorContext, value: MapValue, what: string): MapValue {
  const { order, shape, tensor } = value;
  const axes = order ? axesOf(shape, order) : value.axes;
  if (!axes) return transposed(op, value, what);
  if (!order && sameShape(storedShape(shape, axes), tensor.shape)) return value;
  const at = { ...op, name: `${op.name}/${what}`, outputName: `${op.outputName}/${what}` };
  return addNode(at, [tensor], { shape, axes }, (parts) => ({ kind: "reshape", ...parts }));
}

/** The values in ONNX's own order; the value itself where no permutation of axes brings them there. */
function transposed(op: OperatorContext, value: MapValue, what: string): MapValue {
  const { shape, tensor } = value;
  const stored = arrangementOf(orderOf(value));
  if (!stored) return value;
  const at = (part: string) => ({
    ...op,
    name: `${op.name}/${what}${part}`,
    outputName: `${op.outputName}/${what}${part}`,
  });
  const own = (sizes: Shape) => ({ shape: sizes, axes: sizes.map((_, axis) => axis) });
  // of one picture, as maps are
  const split = own([1, ...stored.shape]);
  const perm = [0, ...stored.axes.map((axis) => axis + 1)];
  const moved = own(perm.map((axis) => item(split.shape, axis)));
  const apart = addNode(at("/split"), [tensor], split, (parts) => ({ kind: "reshape", ...parts }));
  const turned = addNode(at("/moved"), [apart.tensor], moved, (parts) => ({
    kind: "transpose",
    ...parts,
    perm,
  }));
  return addNode(at(""), [turned.tensor], own(shape), (parts) => ({ kind: "reshape", ...parts }));
}

/** Where each axis is stored that the elements lie by; undefined where they lie by none. */
function axesOf(shape: Shape, order: readonly number[]): readonly number[] | undefined {
  const steps = shape.map((size, axis) =>
    size === 1 ? Infinity : order.indexOf(elements(shape.slice(axis + 1))),
  );
  const stored = shape
    .map((_, axis) => axis)
    .sort((a, b) => (item(steps, a) === item(steps, b) ? a - b : item(steps, b) - item(steps, a)));
  const axes = shape.map((_, axis) => stored.indexOf(axis));
  return elementOrder(shape, axes).every((index, place) => index === order[place]) ? axes : undefined;
}

/** For each channel of ONNX's shape the map's own that it is, where all pixels have the same ones in the same order and stay where they are. */
function channelOrder(
  { tensor }: MapValue,
  shape: Shape,
  order: readonly number[],
): readonly number[] | undefined {
  const [, channels = 0, height = 0, width = 0] = shape;
  if (!sameShape(storedShape(shape, CHANNELS_FIRST), tensor.shape)) return undefined;
  const pixels = height * width;
  const places = order.slice(0, channels).map((index) => index / pixels);
  const isSame = order.every(
    (index, place) => index === item(places, place % channels) * pixels + Math.floor(place / channels),
  );
  return isSame ? places.map((_, channel) => places.indexOf(channel)) : undefined;
}

function layoutOf(shape: Shape, order: readonly number[]): readonly number[] | undefined {
  return LAYOUTS.find((axes) => {
    const wanted = elementOrder(shape, axes);
    return wanted.every((index, place) => index === order[place]);
  });
}

/**
 * The map of four dimensions behind a value that may have lost some of size 1. `from`: where it has each of the value's axes.
 * Undefined where there is none.
 */
export function asMap(
  value: MapValue,
): { readonly map: MapValue; readonly from: readonly number[] } | undefined {
  const { shape, tensor } = value;
  if (tensor.shape.length !== 4 || tensor.shape[0] !== 1) return undefined;
  if (shape.length === 4) {
    const isPlain = value.order === undefined && sameShape(storedShape(shape, value.axes), tensor.shape);
    return isPlain ? { map: value, from: [0, 1, 2, 3] } : undefined;
  }
  if (shape.length !== 3 || shape[0] !== 1) return undefined;
  const order = orderOf(value);
  for (const at of [3, 2, 1]) {
    const wider = [...shape.slice(0, at), 1, ...shape.slice(at)];
    const axes = layoutOf(wider, order);
    if (!axes || !sameShape(storedShape(wider, axes), tensor.shape)) continue;
    const from = [0, 1, 2].map((axis) => (axis < at ? axis : axis + 1));
    return { map: { kind: "map", tensor, shape: wider, axes }, from };
  }
  return undefined;
}

/** The order of a value whose axes are permuted: result axis i is `perm[i]`. */
export function permutedOrder(value: MapValue, perm: readonly number[]): number[] {
  const to: number[] = [];
  // Where the permuted value has each element of the value.
  for (const [after, before] of elementOrder(
    value.shape,
    perm.map((_, axis) => perm.indexOf(axis)),
  ).entries())
    to[before] = after;
  return orderOf(value).map((index) => item(to, index));
}
